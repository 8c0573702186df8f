using Npgsql;

namespace CloudTicks.Timescale.Roles;

/// <summary>Read-only connections: few, each statement bounded by <see cref="TimeLimit"/> and one core, for the writer's sake.</summary>
public sealed class ReadingDatabase : IDisposable, IAsyncDisposable
{
    /// <summary>Connections at the same time.</summary>
    public const int MostConnections = 6;

    private const int SecondsToConnect = 5;

    private readonly NpgsqlDataSource _source;

    /// <summary>Names the database; connects to it when it is asked.</summary>
    public ReadingDatabase(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "cloudticks-reading",
            MinPoolSize = 0,
            MaxPoolSize = MostConnections,
            CommandTimeout = (int)TimeLimit.TotalSeconds + SecondsToConnect, // later than the server, which ends it cleanly
        };
        settings.Timeout = Math.Min(settings.Timeout, SecondsToConnect);
        settings.Options = $"{settings.Options} -c statement_timeout={TimeLimit.TotalMilliseconds:0} -c default_transaction_read_only=on "
            + "-c max_parallel_workers_per_gather=0";
        _source = RoleSource.Create(settings, DatabaseRole.Reader);
    }

    /// <summary>After this the server ends a statement.</summary>
    public static TimeSpan TimeLimit { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Opens a connection; disposing of it gives it back.</summary>
    /// <exception cref="NpgsqlException">The database does not answer, or not within 5 s.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);

    /// <summary>A command on a connection of its own.</summary>
    /// <returns>The command; it opens the connection when it runs.</returns>
    internal NpgsqlCommand CreateCommand(string sql) => _source.CreateCommand(sql);

    internal void Renew() => _source.Clear();

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _source.Dispose();

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
