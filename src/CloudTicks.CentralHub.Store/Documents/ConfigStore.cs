using Npgsql;

namespace CloudTicks.CentralHub.Store.Documents;

/// <summary>
/// Writes versions of documents. Whoever writes one holds the lock of the service's row from before he reads the newest, so that of two
/// writers the second sees what the first wrote; the audit log has the change in the same transaction, and those who listen are told of it
/// by the same commit.
/// </summary>
public sealed class ConfigStore(NpgsqlDataSource database, TimeProvider time)
{
    /// <summary>Makes the next version of a document.</summary>
    /// <param name="decide">Called with the newest version, null when there is none yet, and with the registration of a service that was
    /// registered; gives the next, or null when nothing is to be written.</param>
    /// <param name="cancellationToken">Ends it; nothing is written then, unless it is being committed.</param>
    /// <returns>The version that was written; null when none was.</returns>
    /// <exception cref="NpgsqlException">The database does not answer, or refuses; nothing was written.</exception>
    /// <exception cref="ConfigCommitException">The connection broke at the commit: it is not known whether the version was
    /// written.</exception>
    public async Task<ConfigVersion?> ChangeAsync(
        string service, Func<ConfigVersion?, RegisteredService?, Task<NewConfigVersion?>> decide, CancellationToken cancellationToken)
    {
        // Nothing is committed before the last step, so that the whole of it may be done twice.
        return await DatabaseQuestion.AskAsync(
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
            connection, service, HubTransaction.Write(version),
            new ChangeRecord(version.CreatedMs, version.Author, $"config.{version.Action}", $"{service} {version.Version}", detail),
            cancellationToken);
        await HubTransaction.CommitAsync(transaction, $"version {version.Version} of {service}", time);
        return version;
    }
}
