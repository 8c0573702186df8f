using Npgsql;

namespace CloudTicks.Timescale.Configuration;

/// <summary>
/// Asks the database something that may be asked twice. After it was restarted the connections of the pool are dead, and the first question only finds that
/// out: it is asked once more.
/// </summary>
internal static class DatabaseQuestion
{
    /// <summary>Seconds that one statement may take.</summary>
    public const int TimeLimit = 5;

    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public static async Task<T> AskAsync<T>(NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> ask, CancellationToken cancellationToken)
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

    /// <summary>Whether the connection broke, rather than that the server refuses something or takes too long.</summary>
    public static bool IsCut(NpgsqlException failure) => failure switch
    {
        PostgresException refused => refused.SqlState is ['5', '7', 'P', ..] or ['0', '8', ..],
        _ => failure.InnerException is not TimeoutException,
    };

    private static async Task<T> AskOnceAsync<T>(NpgsqlDataSource database, Func<NpgsqlConnection, Task<T>> ask, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ask(connection);
    }
}
