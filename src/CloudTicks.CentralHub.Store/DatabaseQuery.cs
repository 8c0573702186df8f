using Npgsql;

namespace CloudTicks.CentralHub.Store;

/// <summary>
/// Runs a query, and repeats it once if the connection was broken: after a restart of the server the pool still contains dead connections.
/// </summary>
internal static class DatabaseQuery
{
    /// <summary>Timeout of a statement in seconds.</summary>
    public const int TimeoutSeconds = 5;

    private static readonly TimeSpan TotalTimeout = TimeSpan.FromSeconds(6);

    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public static async Task<T> RunAsync<T>(
        NpgsqlDataSource database, TimeProvider time, Func<NpgsqlConnection, CancellationToken, Task<T>> query,
        CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(TotalTimeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        try
        {
            return await RunTwiceAsync(database, query, linked.Token);
        }
        catch (OperationCanceledException) when (linked.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new NpgsqlException($"The database did not respond within {TotalTimeout.TotalSeconds:0} s.", new TimeoutException());
        }
    }

    /// <summary>Returns whether the connection broke, as opposed to an error or a timeout of the server.</summary>
    public static bool IsConnectionBroken(NpgsqlException failure) => failure switch
    {
        PostgresException refused => refused.SqlState is ['5', '7', 'P', ..] or ['0', '8', ..],
        _ => failure.InnerException is not TimeoutException,
    };

    private static async Task<T> RunTwiceAsync<T>(
        NpgsqlDataSource database, Func<NpgsqlConnection, CancellationToken, Task<T>> query, CancellationToken cancellationToken)
    {
        try
        {
            return await RunOnceAsync(database, query, cancellationToken);
        }
        catch (NpgsqlException broken) when (IsConnectionBroken(broken))
        {
            return await RunOnceAsync(database, query, cancellationToken);
        }
    }

    private static async Task<T> RunOnceAsync<T>(
        NpgsqlDataSource database, Func<NpgsqlConnection, CancellationToken, Task<T>> query, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await query(connection, cancellationToken);
    }
}
