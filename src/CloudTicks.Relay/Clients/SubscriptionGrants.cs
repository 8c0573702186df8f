using CloudTicks.CentralHub.Access;
using CloudTicks.Polygon.Serving.Messages;
using CloudTicks.Polygon.Serving.Sessions;
using CloudTicks.Relay.OnDemand;
using CloudTicks.ServiceDocuments;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Clients;

/// <summary>Decides to which channels a client may subscribe: those that are collected, or that can be added for the client.</summary>
internal sealed class SubscriptionGrants(CollectedSymbols collected, OnDemandSymbols onDemand)
{
    private const string NotServed = "not authorized, because the relay has trades and quotes only";

    private static readonly string NotSelected =
        $"not collected, because the document {ServiceNames.Collector} does not select this symbol";

    /// <summary>
    /// Removes from a subscription the channels that cannot have ticks, and adds a status with the reason for each of them.
    /// </summary>
    /// <param name="hasRoom">Whether the key's limit allows all requested channels; otherwise no symbol is added for them.</param>
    public async ValueTask ApplyAsync(
        ClientSession session, List<RequestedChannel> requested, bool hasRoom, List<StatusMessage> statuses,
        CancellationToken cancellationToken)
    {
        var granted = new HashSet<Symbol>();
        if (onDemand.IsEnabled && hasRoom)
            await AddAsync(session, requested, granted, statuses, cancellationToken);
        requested.RemoveAll(channel =>
            !(channel.Channel.TryGetSymbol(session.Market, out var symbol) && granted.Contains(symbol) && channel.Channel.Kind is not null)
            && !CanHaveTicks(session.Market, channel, statuses));
    }

    private async ValueTask AddAsync(
        ClientSession session, List<RequestedChannel> requested, HashSet<Symbol> granted, List<StatusMessage> statuses,
        CancellationToken cancellationToken)
    {
        await collected.Known.WaitAsync(cancellationToken);
        var mayAdd = session.Role == AccessRole.Writer;
        var wanted = new Dictionary<string, Symbol>();
        foreach (var (name, channel) in requested)
        {
            if (channel is { Kind: { } kind, IsWildcard: false } && channel.TryGetSymbol(session.Market, out var symbol)
                && collected.NeedsChange(symbol, kind, mayAdd))
                wanted[name] = symbol;
        }

        if (wanted.Count == 0)
            return;
        if (await onDemand.AddAsync(session.Caller, mayAdd, wanted.Values, cancellationToken) is { } problem)
        {
            requested.RemoveAll(channel => wanted.ContainsKey(channel.Name));
            statuses.AddRange(wanted.Keys.Select(name => new StatusMessage("error", $"{name}: {NotSelected}, and not added: {problem}")));
            return;
        }

        granted.UnionWith(wanted.Values);
    }

    private bool CanHaveTicks(Market market, RequestedChannel requested, List<StatusMessage> statuses)
    {
        var isServed = requested.Channel.Kind is not null;
        if ((isServed ? collected.Reason(market, requested.Channel) : NotServed) is not { } reason)
            return true;
        if (onDemand.IsEnabled && reason == NotSelected)
            reason += ", and only a writer's key can add it";
        statuses.Add(new StatusMessage("error", $"{requested.Name}: {reason}"));
        // Until the document is set, a collector's own settings may select the symbol, so subscribe to it.
        return isServed && !collected.IsDocumentSet;
    }
}
