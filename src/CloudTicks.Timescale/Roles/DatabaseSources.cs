using Npgsql;

namespace CloudTicks.Timescale.Roles;

/// <summary>The data sources of a program, by role.</summary>
public sealed class DatabaseSources : IDisposable, IAsyncDisposable
{
    /// <summary>The maximum number of connections of the owner; migrations and retention need few.</summary>
    private const int MaxOwnerConnections = 4;

    /// <summary>Creates the data sources. They connect on first use.</summary>
    public DatabaseSources(DatabaseConnections connections)
    {
        Connections = connections;
        Owner = RoleSource.Create(
            new NpgsqlConnectionStringBuilder(connections.Owner.ConnectionString)
            {
                ApplicationName = "cloudticks-owner",
                MaxPoolSize = MaxOwnerConnections,
                MinPoolSize = 0,
            },
            DatabaseRole.Owner);
        Writer = RoleSource.Create(connections.Writer, DatabaseRole.Writer);
        Reader = new ReadingDatabase(connections.Reader.ConnectionString);
    }

    /// <summary>Connections that may change and drop tables.</summary>
    public NpgsqlDataSource Owner { get; }

    /// <summary>Connections that write.</summary>
    public NpgsqlDataSource Writer { get; }

    /// <summary>Connections that read, with limits.</summary>
    public ReadingDatabase Reader { get; }

    internal DatabaseConnections Connections { get; }

    /// <summary>Replaces the pooled connections, so that new ones use the current roles.</summary>
    internal void Renew()
    {
        Owner.Clear();
        Writer.Clear();
        Reader.Renew();
    }

    /// <summary>Closes the connections.</summary>
    public void Dispose()
    {
        Owner.Dispose();
        Writer.Dispose();
        Reader.Dispose();
    }

    /// <summary>Closes the connections.</summary>
    public async ValueTask DisposeAsync()
    {
        await Owner.DisposeAsync();
        await Writer.DisposeAsync();
        await Reader.DisposeAsync();
    }
}
