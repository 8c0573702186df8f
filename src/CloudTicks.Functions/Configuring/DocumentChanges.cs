using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Store.Documents;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Configuring;

/// <summary>
/// Creates all new versions of documents. Every change is checked, made under one lock, written to the audit log in the same transaction,
/// and announced to the followers. At most four changes run at a time, because each one that waits for the lock holds a connection.
/// </summary>
/// <param name="lists">The symbol lists that documents can refer to.</param>
public sealed class DocumentChanges(
    ConfigStore store,
    HubServices services,
    DocumentReader reader,
    HubLists lists,
    DocumentSignals signals,
    ChangeAnnouncements announcements,
    TimeProvider time,
    ConfigMetrics metrics,
    ILogger<DocumentChanges> logger) : IDisposable
{
    private readonly SemaphoreSlim _slots = new(4);

    /// <summary>Creates a version.</summary>
    /// <param name="edit">Computes the new document from the one in force; null for no change. An exception aborts the change.</param>
    /// <param name="cancellationToken">Cancels the change, unless it is being committed.</param>
    /// <exception cref="UnknownServiceException">The service no longer exists.</exception>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer; nothing was changed.</exception>
    /// <exception cref="ConfigCommitException">It is unknown whether the version was stored.</exception>
    public async Task<ChangeResult> MakeAsync(
        ChangeRequest change, Func<StoredDocument, JsonObject?> edit, CancellationToken cancellationToken)
    {
        await _slots.WaitAsync(cancellationToken);
        try
        {
            var result = change.DryRun
                ? await TryAsync(change, await reader.NewestAsync(change.Document.Service, cancellationToken), edit, cancellationToken)
                : await StoreAsync(change, edit, cancellationToken);
            Report(change, result);
            return result;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _slots.Dispose();

    private async Task<ChangeResult> StoreAsync(
        ChangeRequest change, Func<StoredDocument, JsonObject?> edit, CancellationToken cancellationToken)
    {
        ChangeResult? result = null;
        var stored = await store.ChangeAsync(
            change.Document.Service,
            async (newest, registered) =>
            {
                // The service may have been registered again meanwhile: use the current schema.
                var locked = change with { Document = services.Of(change.Document.Service, registered) };
                result = await TryAsync(
                    locked, services.InForce(change.Document.Service, newest, registered), edit, cancellationToken);
                return result.State == ChangeOutcome.Made
                    ? new NewConfigVersion(result.Json!, change.Action, change.Author, change.Comment, result.Changes) : null;
            },
            cancellationToken);
        if (stored is null)
        {
            return result!;
        }

        var document = new StoredDocument(stored);
        signals.Wake(document.Version.Service);
        announcements.Announce(document);
        return result! with { InForce = document };
    }

    private async Task<ChangeResult> TryAsync(
        ChangeRequest change, StoredDocument inForce, Func<StoredDocument, JsonObject?> edit, CancellationToken cancellationToken)
    {
        if (!change.Matches(inForce.Tag))
        {
            return new ChangeResult(ChangeOutcome.Overtaken, inForce, null, [], []);
        }

        var before = inForce.Read();
        // Setting the defaults explicitly creates a version, so that they override the service's own files.
        if (edit(inForce) is not { } after || (inForce.Number > 0 && JsonNode.DeepEquals(before, after)))
        {
            return new ChangeResult(ChangeOutcome.Unchanged, inForce, inForce.Version.Document, [], []);
        }

        var symbols = lists.GetCurrent();
        var json = DocumentJson.Write(after);
        var faults = await change.Document.CheckAsync(after, change.Force ? after : before, symbols, cancellationToken);
        return faults.Count > 0
            ? new ChangeResult(ChangeOutcome.Refused, inForce, json, [], faults)
            : new ChangeResult(
                ChangeOutcome.Made, inForce, json,
                await change.Document.DifferenceAsync(before, after, symbols, time.GetUtcNow(), cancellationToken), []);
    }

    private void Report(ChangeRequest change, ChangeResult result)
    {
        if (change.DryRun)
        {
            return;
        }

        metrics.Changed(change.Document.Service, change.Action, result.State);
        switch (result.State)
        {
            case ChangeOutcome.Made:
                logger.DocumentChanged(
                    result.InForce.Number, change.Document.Service, change.Action, change.Author, string.Join("; ", result.Changes));
                break;
            case ChangeOutcome.Refused:
                logger.ChangeRefused(
                    change.Document.Service, change.Action, change.Author, result.Faults.Count, result.Faults[0].Place,
                    result.Faults[0].Detail);
                break;
        }
    }
}
