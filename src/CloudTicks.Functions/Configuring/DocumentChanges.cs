using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Store.Documents;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Configuring;

/// <summary>
/// Makes new versions of documents, for whomever: the same checks, one lock, the audit log in the same transaction, and word to all who
/// follow it. Four at a time, as those who wait for the lock have a connection each.
/// </summary>
/// <param name="lists">The lists that documents may name.</param>
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
    /// <param name="edit">Gives the document as it is to be, told the one in force; null when nothing is to change. What it throws ends the
    /// change.</param>
    /// <param name="cancellationToken">Ends it, unless it is being committed.</param>
    /// <exception cref="Npgsql.NpgsqlException">The database does not answer; nothing was changed.</exception>
    /// <exception cref="ConfigCommitException">It is not known whether the version was stored.</exception>
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
                // It may have been registered anew since it was asked for, and this is the schema that holds.
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
        // Whoever asks for the defaults as they are has decided on them: from then on they go before what a service's own files say.
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
