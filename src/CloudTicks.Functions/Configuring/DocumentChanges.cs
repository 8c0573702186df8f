using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Store.Documents;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Configuring;

/// <summary>
/// Makes new versions of documents, for every kind of caller: the same checks, one lock, the audit log in the same transaction, and a
/// notification of all followers. Four at a time, because each waiter for the lock holds a connection.
/// </summary>
/// <param name="lists">The lists that documents can name.</param>
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
    private readonly SemaphoreSlim _places = new(4);

    /// <summary>Makes a version.</summary>
    /// <param name="edit">Computes the new document from the one in force; null for no change. An exception ends the
    /// change.</param>
    /// <param name="cancellationToken">Cancels the change, unless it is being committed.</param>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer; nothing was changed.</exception>
    /// <exception cref="ConfigCommitException">It is unknown whether the version was stored.</exception>
    public async Task<ChangeResult> MakeAsync(
        ChangeOrder order, Func<StoredDocument, JsonObject?> edit, CancellationToken cancellationToken)
    {
        await _places.WaitAsync(cancellationToken);
        try
        {
            var result = order.DryRun
                ? await TryAsync(order, await reader.NewestAsync(order.Document.Service, cancellationToken), edit, cancellationToken)
                : await StoreAsync(order, edit, cancellationToken);
            Tell(order, result);
            return result;
        }
        finally
        {
            _places.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _places.Dispose();

    private async Task<ChangeResult> StoreAsync(
        ChangeOrder order, Func<StoredDocument, JsonObject?> edit, CancellationToken cancellationToken)
    {
        ChangeResult? result = null;
        var stored = await store.ChangeAsync(
            order.Document.Service,
            async (newest, registered) =>
            {
                // The service may have been registered again meanwhile: use the current schema.
                var locked = order with { Document = services.Of(order.Document.Service, registered) };
                result = await TryAsync(
                    locked, services.InForce(order.Document.Service, newest, registered), edit, cancellationToken);
                return result.State == ChangeState.Made
                    ? new NewConfigVersion(result.Json!, order.Action, order.Author, order.Comment, result.Changes) : null;
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
        ChangeOrder order, StoredDocument inForce, Func<StoredDocument, JsonObject?> edit, CancellationToken cancellationToken)
    {
        if (!order.Matches(inForce.Tag))
        {
            return new ChangeResult(ChangeState.Overtaken, inForce, null, [], []);
        }

        var before = inForce.Read();
        // Setting the defaults explicitly makes a version: from then on they override the service's own files.
        if (edit(inForce) is not { } after || (inForce.Number > 0 && JsonNode.DeepEquals(before, after)))
        {
            return new ChangeResult(ChangeState.Unchanged, inForce, inForce.Version.Document, [], []);
        }

        var symbols = lists.Now();
        var json = DocumentJson.Write(after);
        var faults = await order.Document.CheckAsync(after, order.Force ? after : before, symbols, cancellationToken);
        return faults.Count > 0
            ? new ChangeResult(ChangeState.Refused, inForce, json, [], faults)
            : new ChangeResult(
                ChangeState.Made, inForce, json,
                await order.Document.DifferenceAsync(before, after, symbols, time.GetUtcNow(), cancellationToken), []);
    }

    private void Tell(ChangeOrder order, ChangeResult result)
    {
        if (order.DryRun)
        {
            return;
        }

        metrics.Changed(order.Document.Service, order.Action, result.State);
        switch (result.State)
        {
            case ChangeState.Made:
                logger.DocumentChanged(
                    result.InForce.Number, order.Document.Service, order.Action, order.Author, string.Join("; ", result.Changes));
                break;
            case ChangeState.Refused:
                logger.ChangeRefused(
                    order.Document.Service, order.Action, order.Author, result.Faults.Count, result.Faults[0].Place,
                    result.Faults[0].Detail);
                break;
        }
    }
}
