using Npgsql;

namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>
/// Writes versions of documents. A writer locks the service's row before it reads the newest version, so that the second of two writers
/// sees the change of the first. The audit log entry and the notification are part of the same transaction.
/// </summary>
public sealed class ConfigStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Writes the next version of a document.</summary>
    /// <param name="decide">
    /// Receives the newest version, null if there is none, and the service's registration, null if the service is not registered. Returns
    /// the next version, or null to write nothing.
    /// </param>
    /// <param name="cancellationToken">Cancels the change, except during the commit.</param>
    /// <returns>The written version; null if nothing was written.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses a statement. Nothing was written.</exception>
    /// <exception cref="ConfigCommitException">
    /// The database did not confirm the commit: the version may or may not have been written.
    /// </exception>
    public async Task<ConfigVersion?> ChangeAsync(
        string service, Func<ConfigVersion?, RegisteredService?, Task<NewConfigVersion?>> decide, CancellationToken cancellationToken)
    {
        // Only the last step commits, so the whole change can be repeated.
        return await DatabaseQuery.RunAsync(
            database, time, (connection, token) => ChangeAsync(connection, service, decide, token), cancellationToken);
    }

    private async Task<ConfigVersion?> ChangeAsync(
        NpgsqlConnection connection, string service, Func<ConfigVersion?, RegisteredService?, Task<NewConfigVersion?>> decide,
        CancellationToken cancellationToken)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var head = await HubTransaction.LockAsync(connection, service, cancellationToken);
        var newest = await ConfigHistory.NewestAsync(connection, service, cancellationToken);
        var registered = await ServiceTable.FindAsync(connection, service, cancellationToken);
        if (await decide(newest, registered) is not { } next)
        {
            return null;
        }

        var version = new ConfigVersion(
            service, Math.Max(head, newest?.Version ?? 0) + 1, next.Document, next.Action, next.Author, next.Comment, next.Changes,
            time.GetUtcNow().ToUnixTimeMilliseconds());
        var detail = string.Join("; ", version.Comment is null ? version.Changes : [version.Comment, .. version.Changes]);
        await HubTransaction.ExecuteAsync(
            connection, service, HubTransaction.WriteStatements(version),
            new ChangeRecord(version.CreatedMs, version.Author, $"config.{version.Action}", $"{service} {version.Version}", detail),
            cancellationToken);
        await HubTransaction.CommitAsync(transaction, $"version {version.Version} of {service}", time);
        return version;
    }
}
