using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Client;
using CloudTicks.CentralHub.Lists;
using CloudTicks.ServiceDocuments;
using CloudTicks.ServiceDocuments.Collector;
using CloudTicks.Ticks;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.OnDemand;

/// <summary>
/// Adds symbols that nobody collects to the collectors' document, for a subscriber (<c>Relay:Subscribe</c>). What was added stands in a
/// field of its own, which all relays share: a relay that was killed knows it again, and none touches what people have named.
/// </summary>
internal sealed class OnDemandSymbols(
    IOptions<RelayOptions> options, OnDemandMetrics metrics, TimeProvider time, ILogger<OnDemandSymbols> logger,
    ConfigClient? document = null)
{
    /// <summary>Whether a subscription may add a symbol at all.</summary>
    public bool IsEnabled => options.Value.Subscribe && document is not null;

    /// <summary>Has the document select symbols; those that are about to be removed are kept.</summary>
    /// <param name="caller">The name of the subscriber's key, for the history.</param>
    /// <param name="mayAdd">Whether the subscriber may have symbols added; keeping one is anybody's.</param>
    /// <returns>Null when all of them are selected, else why they are not: a sentence.</returns>
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
            // With one symbol in it, the document would take the place of the collectors' own settings.
            throw new ConfigChangeException(
                $"the document {ServiceNames.Collector} selects nothing itself; name the symbols in it once: cloudticks symbols add");
        }

        var before = OnDemandList.Read(json);
        var after = before.Select(entry => symbols.Contains(entry.Symbol) ? entry with { IsIdle = false } : entry).ToList();
        foreach (var symbol in symbols.Where(symbol => !selected.Selects(symbol)).Distinct())
        {
            if (!mayAdd)
            {
                throw new ConfigChangeException($"{symbol} was removed a moment ago, and only a writer's key adds it");
            }

            after.Add(new OnDemandSymbol(symbol, IsIdle: false));
            added.Add(symbol);
        }

        return after.SequenceEqual(before) ? null : OnDemandList.PatchOf(after);
    }
}
