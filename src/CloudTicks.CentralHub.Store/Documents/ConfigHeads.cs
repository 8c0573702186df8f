using System.Runtime.CompilerServices;
using Npgsql;

namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>
/// Follows the newest versions of all services with PostgreSQL notifications, and polls every second in case a notification is lost.
/// </summary>
public sealed class ConfigHeads(NpgsqlDataSource database, TimeProvider time)
{
    private const string Read =
        "SELECT service, h.version, coalesce(r.revision, 0) FROM config_heads h LEFT JOIN service_registrations r USING (service)";

    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);

    /// <summary>Reads the newest versions by service. Services that were never changed or registered are absent.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<IReadOnlyDictionary<string, ServiceHead>> ReadAsync(CancellationToken cancellationToken) =>
        DatabaseQuery.RunAsync(database, time, ReadAsync, cancellationToken);

    /// <summary>Returns the newest versions immediately, after each change, and every second. Occupies one connection.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public async IAsyncEnumerable<IReadOnlyDictionary<string, ServiceHead>> FollowAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var sql = $"LISTEN {HubTransaction.Channel}";
        await using (var listen = new NpgsqlCommand(sql, connection) { CommandTimeout = DatabaseQuery.TimeoutSeconds })
        {
            await listen.ExecuteNonQueryAsync(cancellationToken);
        }

        try
        {
            while (true)
            {
                yield return await ReadAsync(connection, cancellationToken);
                await connection.WaitAsync(PollInterval, cancellationToken);
            }
        }
        finally
        {
            // The pool must not reuse this listening connection. Clearing the pool closes its other connections too, which are cheap to
            // reopen.
            database.Clear();
        }
    }

    private static async Task<IReadOnlyDictionary<string, ServiceHead>> ReadAsync(
        NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection) { CommandTimeout = DatabaseQuery.TimeoutSeconds };
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var versions = new Dictionary<string, ServiceHead>();
        while (await row.ReadAsync(cancellationToken))
        {
            versions[row.GetString(0)] = new ServiceHead(row.GetInt32(1), row.GetInt32(2));
        }

        return versions;
    }
}

/// <summary>The state of a service's document. When either number changes, the document may have changed.</summary>
/// <param name="Version">The newest version; 0 while the defaults are in force.</param>
/// <param name="Revision">The revision of the service's registration; 0 without one, as for a built-in service.</param>
public readonly record struct ServiceHead(int Version, int Revision);
