using CloudTicks.Polygon.Serving.Messages;
using CloudTicks.Polygon.Serving.Sessions;
using CloudTicks.Simulator.Faults;

namespace CloudTicks.Simulator.Sessions;

/// <summary>Applies faults to subscriptions.</summary>
internal static class SubscriptionFaults
{
    /// <summary>Removes from a message the channels that a fault ignores or refuses.</summary>
    public static void Strike(
        FaultBoard faults, FaultTarget session, List<RequestedChannel> requested, IReadOnlyCollection<string> held,
        List<StatusMessage> statuses)
    {
        requested.RemoveAll(channel => faults.Strike(FaultCatalog.Ignore, TargetOf(session, channel)) is not null);
        if (faults.Find(FaultCatalog.ChannelLimit, session) is { } limit
            && requested.Select(channel => channel.Name).Union(held).Count() > limit.Number(FaultCatalog.Limit)
            && faults.Strike(FaultCatalog.ChannelLimit, session) is not null)
        {
            statuses.AddRange(requested.Select(channel => StatusMessage.LimitReached(channel.Name)));
            requested.Clear();
            return;
        }

        foreach (var channel in requested.ToList())
        {
            if (faults.Strike(FaultCatalog.Refuse, TargetOf(session, channel)) is not { } refusal)
                continue;
            statuses.Add(new StatusMessage("error", refusal.Word(FaultCatalog.Message)));
            if (refusal.Word(FaultCatalog.How) == "frame")
            {
                requested.Clear();
                return;
            }

            requested.Remove(channel);
        }
    }

    private static FaultTarget TargetOf(FaultTarget session, RequestedChannel channel) =>
        session with { Symbol = channel.Channel.TryGetSymbol(session.Market!.Value, out var symbol) ? symbol : null };
}
