using Npgsql;

namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>
/// The registered services. A change takes the same lock as a new version of the document, so that neither is validated against an
/// outdated state of the other. Schema, defaults, audit log entry and notification are written in one transaction.
/// </summary>
public sealed class ServiceTable(NpgsqlDataSource database, TimeProvider time)
{
    private const string RegisterAction = "register";

    /// <summary>Blocks other writers of the table, so that the count of registrations stays correct until a new one is committed.</summary>
    private const string LockTable = "LOCK TABLE service_registrations IN SHARE ROW EXCLUSIVE MODE";

    private const string Count = "SELECT count(*)::integer FROM service_registrations";

    private const string Read =
        """
        SELECT r.service, r.revision, r.schema, r.defaults, r.author, r.created_ms, r.changed_ms,
            v.version, v.document, v.action, v.author, v.comment, v.changes, v.created_ms
        FROM service_registrations r LEFT JOIN LATERAL (
            SELECT * FROM config_versions WHERE config_versions.service = r.service ORDER BY version DESC LIMIT 1) v ON true
        WHERE $1::text IS NULL OR r.service = $1 ORDER BY r.service
        """;

    private const string Put =
        """
        INSERT INTO service_registrations (service, revision, schema, defaults, author, created_ms, changed_ms)
        VALUES ($1, 1, $2, $3, $4, $5, $5)
        ON CONFLICT (service) DO UPDATE SET (revision, schema, defaults, author, changed_ms)
            = (service_registrations.revision + 1, excluded.schema, excluded.defaults, excluded.author, excluded.changed_ms)
        """;

    private const string Remove = "DELETE FROM service_registrations WHERE service = $1";

    /// <summary>Reads all registered services, sorted by name.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<IReadOnlyList<RegisteredService>> ListAsync(CancellationToken cancellationToken) => DatabaseQuery.RunAsync(
        database, time, (connection, token) => ReadAsync(connection, null, token), cancellationToken);

    /// <summary>Finds a service; null when it is not registered.</summary>
    /// <exception cref="NpgsqlException">The database does not answer.</exception>
    public Task<RegisteredService?> FindAsync(string service, CancellationToken cancellationToken) => DatabaseQuery.RunAsync(
        database, time, (connection, token) => FindAsync(connection, service, token), cancellationToken);

    /// <summary>Registers a service, changes its registration, or unregisters it.</summary>
    /// <param name="decide">
    /// Receives the registration, null when the service is not registered, and the number of all registrations. Returns the change; null
    /// writes nothing.
    /// </param>
    /// <returns>Whether something was written.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses a statement. Nothing was written.</exception>
    /// <exception cref="ConfigCommitException">The change may or may not be written.</exception>
    public Task<bool> ChangeAsync(
        string service, Func<RegisteredService?, int, Task<ServiceChange?>> decide, CancellationToken cancellationToken) =>
        DatabaseQuery.RunAsync(
            database, time, (connection, token) => ChangeAsync(connection, service, decide, token), cancellationToken);

    internal static async Task<RegisteredService?> FindAsync(
        NpgsqlConnection connection, string service, CancellationToken cancellationToken) =>
        (await ReadAsync(connection, service, cancellationToken)).SingleOrDefault();

    private async Task<bool> ChangeAsync(
        NpgsqlConnection connection, string service, Func<RegisteredService?, int, Task<ServiceChange?>> decide,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var head = await HubTransaction.LockAsync(connection, service, cancellationToken, LockTable);
        var before = await FindAsync(connection, service, cancellationToken);
        if (await decide(before, await CountAsync(connection, cancellationToken)) is not { } change)
        {
            return false;
        }

        var action = change.Schema is null ? "unregister" : RegisterAction;
        await HubTransaction.ExecuteAsync(
            connection, service, Statements(service, head, before, change),
            new ChangeRecord(Now(), change.Author, $"service.{action}", service, change.Comment ?? ""), cancellationToken);
        await HubTransaction.CommitAsync(transaction, $"the change to service {service}", time);
        return true;
    }

    private IEnumerable<NpgsqlBatchCommand> Statements(string service, int head, RegisteredService? before, ServiceChange change)
    {
        if (change.Schema is null)
        {
            return [HubTransaction.Command(Remove, HubTransaction.Value(service))];
        }

        var put = HubTransaction.Command(
            Put, HubTransaction.Value(service), HubTransaction.Value(change.Schema), HubTransaction.Value(change.Defaults),
            HubTransaction.Value(change.Author), HubTransaction.Value(Now()));

        // Versions of an earlier registration were checked against another schema, so the document starts again with the defaults.
        return before is null && head > 0
            ? [put, .. HubTransaction.WriteStatements(new ConfigVersion(
                service, head + 1, change.Defaults!, RegisterAction, change.Author, change.Comment, ["registered again, with the defaults"],
                Now()))]
            : [put];
    }

    private long Now() => time.GetUtcNow().ToUnixTimeMilliseconds();

    private static async Task<int> CountAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Count, connection) { CommandTimeout = DatabaseQuery.TimeoutSeconds };
        return (int)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    private static async Task<IReadOnlyList<RegisteredService>> ReadAsync(
        NpgsqlConnection connection, string? service, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(Read, connection) { CommandTimeout = DatabaseQuery.TimeoutSeconds };
        command.Parameters.Add(HubTransaction.Value(service));
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        var services = new List<RegisteredService>();
        while (await row.ReadAsync(cancellationToken))
        {
            var newest = row.IsDBNull(7) ? null : new ConfigVersion(
                row.GetString(0), row.GetInt32(7), row.GetString(8), row.GetString(9), row.GetString(10),
                row.IsDBNull(11) ? null : row.GetString(11), row.GetFieldValue<string[]>(12), row.GetInt64(13));
            services.Add(new RegisteredService(
                row.GetString(0), row.GetInt32(1), row.GetString(2), row.GetString(3), row.GetString(4), row.GetInt64(5),
                row.GetInt64(6), newest));
        }

        return services;
    }
}
