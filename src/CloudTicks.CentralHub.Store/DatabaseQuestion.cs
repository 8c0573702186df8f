using Npgsql;

namespace CloudTicks.CentralHub.Store;

/// <summary>Queries the database twice if need be: after a restart the first one only finds the pool's connections dead.</summary>
internal static class DatabaseQuestion
{
    /// <summary>Seconds that one statement may take.</summary>
    public const int TimeLimit = 5;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(6);

    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public static async Task<T> AskAsync<T>(
        NpgsqlDataSource database, TimeProvider time, Func<NpgsqlConnection, CancellationToken, Task<T>> ask,
        CancellationToken cancellationToken)
    {
        using var patience = new CancellationTokenSource(Patience, time);
        using var late = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, patience.Token);
        try
        {
            return await AskTwiceAsync(database, ask, late.Token);
        }
        catch (OperationCanceledException) when (late.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            throw new NpgsqlException($"The database has not answered within {Patience.TotalSeconds:0} s.", new TimeoutException());
        }
    }

    /// <summary>Whether the connection broke, rather than that the server refuses something or takes too long.</summary>
    public static bool IsCut(NpgsqlException failure) => failure switch
    {
        PostgresException refused => refused.SqlState is ['5', '7', 'P', ..] or ['0', '8', ..],
        _ => failure.InnerException is not TimeoutException,
    };

    private static async Task<T> AskTwiceAsync<T>(
        NpgsqlDataSource database, Func<NpgsqlConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        try
        {
            return await AskOnceAsync(database, ask, cancellationToken);
        }
        catch (NpgsqlException broken) when (IsCut(broken))
        {
            return await AskOnceAsync(database, ask, cancellationToken);
        }
    }

    private static async Task<T> AskOnceAsync<T>(
        NpgsqlDataSource database, Func<NpgsqlConnection, CancellationToken, Task<T>> ask, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ask(connection, cancellationToken);
    }
}
