using System.Runtime.CompilerServices;
using Npgsql;

namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>The newest versions of all services, by PostgreSQL's notifications and by polling each second where they fail.</summary>
public sealed class ConfigHeads(NpgsqlDataSource database, TimeProvider time)
{
    private const string Read = "SELECT service, version FROM config_heads";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>The newest versions by service, without those that have none yet.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<IReadOnlyDictionary<string, int>> ReadAsync(CancellationToken cancellationToken) =>
        DatabaseQuestion.AskAsync(database, time, ReadAsync, cancellationToken);

    /// <summary>The newest versions, now and from then on: at each change at once, and each second. Takes one connection.</summary>
    /// <exception cref="NpgsqlException">The database does not answer any more.</exception>
    public async IAsyncEnumerable<IReadOnlyDictionary<string, int>> FollowAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var sql = $"LISTEN {ConfigStore.Channel}";
        await using (var listen = new NpgsqlCommand(sql, connection) { CommandTimeout = DatabaseQuestion.TimeLimit })
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        try
        {
            while (true)
            {
                yield return await ReadAsync(connection, cancellationToken);
                await connection.WaitAsync(BetweenLooks, cancellationToken);
            }
        }
        finally
        {
            // Whoever got this one from the pool would go on listening; the others are made again in no time.
            database.Clear();
        }
    }

    private static async Task<IReadOnlyDictionary<string, int>> ReadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection) { CommandTimeout = DatabaseQuestion.TimeLimit };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new Dictionary<string, int>();
        while (await row.ReadAsync(cancellationToken))
        {
            versions[row.GetString(0)] = row.GetInt32(1);
        }

        return versions;
    }
}
