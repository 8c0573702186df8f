using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Client;
using CloudTicks.CentralHub.Lists;
using CloudTicks.ServiceDocuments;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.Ticks;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.OnDemand;

/// <summary>
/// Adds symbols to the collectors' document for a subscriber (<c>Relay:Subscribe</c>). Added symbols are stored in a separate field of the
/// document, shared by all relays: they survive a restart, and symbols that operators named are never changed.
/// </summary>
internal sealed class OnDemandSymbols(
    IOptions<RelayOptions> options, OnDemandMetrics metrics, TimeProvider time, ILogger<OnDemandSymbols> logger,
    ConfigClient? document = null)
{
    /// <summary>Whether subscriptions can add symbols: the setting is on, and a central hub is configured.</summary>
    public bool IsEnabled => options.Value.Subscribe && document is not null;

    /// <summary>Adds the symbols that the document does not select yet, and removes the idle marks of the others.</summary>
    /// <param name="caller">The name of the subscriber's key, for the history.</param>
    /// <param name="mayAdd">Whether the subscriber may add symbols. Without this right a subscriber can only keep idle symbols.</param>
    /// <returns>Null when the document now selects all the given symbols; otherwise the reason why it does not.</returns>
    public async Task<string?> AddAsync(
        string caller, bool mayAdd, IReadOnlyCollection<Symbol> symbols, CancellationToken cancellationToken)
    {
        var added = new List<Symbol>();
        try
        {
            await document!.ChangeAsync(
                (version, json) => EditAsync(version, json, mayAdd, symbols, added, cancellationToken), $"relay: {caller} has subscribed",
                cancellationToken);
        }
        catch (ConfigChangeException problem)
        {
            metrics.Refused();
            logger.NotAdded(string.Join(", ", symbols), caller, problem.Message);
            return problem.Message;
        }

        metrics.Added(added.Count);
        foreach (var symbol in added)
        {
            logger.Added(symbol.Name, caller);
        }

        return null;
    }

    private async Task<JsonObject?> EditAsync(
        int version, JsonObject json, bool mayAdd, IReadOnlyCollection<Symbol> symbols, List<Symbol> added,
        CancellationToken cancellationToken)
    {
        added.Clear();
        var selected = version == 0 ? null
            : await CollectedChannels.ReadAsync(json, new NamedLists(null), time.GetUtcNow(), cancellationToken);
        if (selected is null)
        {
            // The collectors use their own settings until the document is set; a document with one symbol would replace those settings.
            throw new ConfigChangeException(
                $"the document {ServiceNames.Collector} selects no symbols yet; add the operators' symbols first: cloudticks symbols add");
        }

        var before = OnDemandList.Read(json);
        var after = before.Select(entry => symbols.Contains(entry.Symbol) ? entry with { IsIdle = false } : entry).ToList();
        foreach (var symbol in symbols.Where(symbol => !selected.Selects(symbol)).Distinct())
        {
            if (!mayAdd)
            {
                throw new ConfigChangeException($"{symbol} was removed a moment ago, and only a writer's key can add it");
            }

            after.Add(new OnDemandSymbol(symbol, IsIdle: false));
            added.Add(symbol);
        }

        return after.SequenceEqual(before) ? null : OnDemandList.PatchOf(after);
    }
}
