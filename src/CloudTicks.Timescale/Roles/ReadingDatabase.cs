using Npgsql;

namespace CloudTicks.Timescale.Roles;

/// <summary>
/// Read-only connections with limits that protect the writer: there are few connections, and each statement is limited to
/// <see cref="TimeLimit"/> and one core.
/// </summary>
public sealed class ReadingDatabase : IDisposable, IAsyncDisposable
{
    /// <summary>Maximum number of connections.</summary>
    public const int MaxConnections = 6;

    private const int ConnectTimeoutSeconds = 5;

    private readonly NpgsqlDataSource _source;

    /// <summary>Creates the data source. It connects on first use.</summary>
    public ReadingDatabase(string connectionString)
    {
        var settings = new NpgsqlConnectionStringBuilder(connectionString)
        {
            ApplicationName = "cloudticks-reading",
            MinPoolSize = 0,
            MaxPoolSize = MaxConnections,
            CommandTimeout = (int)TimeLimit.TotalSeconds + ConnectTimeoutSeconds, // above the server's timeout, which cancels cleanly
        };
        settings.Timeout = Math.Min(settings.Timeout, ConnectTimeoutSeconds);
        settings.Options = $"{settings.Options} -c statement_timeout={TimeLimit.TotalMilliseconds:0} -c default_transaction_read_only=on "
            + "-c max_parallel_workers_per_gather=0";
        _source = RoleSource.Create(settings, DatabaseRole.Reader);
    }

    /// <summary>The time after which the server cancels a statement.</summary>
    public static TimeSpan TimeLimit { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Opens a connection. Dispose it to return it to the pool.</summary>
    /// <exception cref="NpgsqlException">The database does not answer within 5 s.</exception>
    public ValueTask<NpgsqlConnection> OpenAsync(CancellationToken cancellationToken) => _source.OpenConnectionAsync(cancellationToken);

    /// <summary>Creates a command with a separate connection.</summary>
    /// <returns>The command; executing it opens the connection.</returns>
    internal NpgsqlCommand CreateCommand(string sql) => _source.CreateCommand(sql);

    internal void Renew() => _source.Clear();

    /// <summary>Closes the connections.</summary>
    public void Dispose() => _source.Dispose();

    /// <summary>Closes the connections.</summary>
    public ValueTask DisposeAsync() => _source.DisposeAsync();
}
