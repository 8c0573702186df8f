using System.Runtime.CompilerServices;
using Npgsql;

namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>The newest versions of all services, by PostgreSQL's notifications and by polling each second where they fail.</summary>
public sealed class ConfigHeads(NpgsqlDataSource database, TimeProvider time)
{
    private const string Read =
        "SELECT service, h.version, coalesce(r.revision, 0) FROM config_heads h LEFT JOIN service_registrations r USING (service)";

    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);

    /// <summary>The newest versions by service, without those that have none yet.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<IReadOnlyDictionary<string, ServiceHead>> ReadAsync(CancellationToken cancellationToken) =>
        DatabaseQuestion.AskAsync(database, time, ReadAsync, cancellationToken);

    /// <summary>The newest versions, now and from then on: at each change at once, and each second. Takes one connection.</summary>
    /// <exception cref="NpgsqlException">The database does not answer any more.</exception>
    public async IAsyncEnumerable<IReadOnlyDictionary<string, ServiceHead>> FollowAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var sql = $"LISTEN {HubTransaction.Channel}";
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

    private static async Task<IReadOnlyDictionary<string, ServiceHead>> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection) { CommandTimeout = DatabaseQuestion.TimeLimit };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new Dictionary<string, ServiceHead>();
        while (await row.ReadAsync(cancellationToken))
        {
            versions[row.GetString(0)] = new ServiceHead(row.GetInt32(1), row.GetInt32(2));
        }

        return versions;
    }
}

/// <summary>What a service's document depends on: it has another one when either number is another.</summary>
/// <param name="Version">The newest version.</param>
/// <param name="Revision">The revision of its registration; 0 when it is not registered.</param>
public readonly record struct ServiceHead(int Version, int Revision);
