using Npgsql;

namespace CloudTicks.Timescale.Roles;

/// <summary>The connections of a program to its database, by what they may do.</summary>
public sealed class DatabaseSources : IDisposable, IAsyncDisposable
{
    /// <summary>Migrations and retention go one by one.</summary>
    private const int MostOwners = 4;

    /// <summary>Names the database; connects when it is asked.</summary>
    public DatabaseSources(DatabaseConnections connections)
    {
        Connections = connections;
        Owner = RoleSource.Create(
            new NpgsqlConnectionStringBuilder(connections.Owner.ConnectionString)
            {
                ApplicationName = "cloudticks-owner",
                MaxPoolSize = MostOwners,
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

    /// <summary>Connections that read, within bounds.</summary>
    public ReadingDatabase Reader { get; }

    internal DatabaseConnections Connections { get; }

    /// <summary>Closes the connections when their work is done, so that the next take the roles that there are by then.</summary>
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
