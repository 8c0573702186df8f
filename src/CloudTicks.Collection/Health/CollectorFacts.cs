using CloudTicks.Foundations;
using CloudTicks.Ticks.Status;
using static System.FormattableString;

namespace CloudTicks.Collection.Health;

/// <summary>Writes the facts that <c>/health</c> always reports, whether or not the collector is healthy, one line each.</summary>
internal static class CollectorFacts
{
    public static IReadOnlyDictionary<string, object> Of(CollectorStatus status, HashSet<string> selected, DateTimeOffset now)
    {
        var facts = new Dictionary<string, object>();
        foreach (var (market, feed) in status.Connections)
        {
            foreach (var connection in feed.Connections)
            {
                facts[$"connection {market}/{connection.Slot}"] = Connection(connection, now);
            }
        }

        facts["last ticks"] = LastTicks(status, selected);
        facts["queue"] = Invariant($"{new ByteSize(status.QueuedBytes)} to be decoded (limit {new ByteSize(status.QueuedBytesLimit)}), ")
            + Invariant($"{status.InFlight} records not yet acknowledged by the event hub");
        if (status.Spool is { } spool)
        {
            facts["spool"] =
                Invariant($"{spool.State}, {spool.Records} records, {new ByteSize(spool.Bytes)} of {new ByteSize(spool.LimitBytes)}")
                + Invariant($"{Oldest(spool, now)}; {spool.ConflatedTicks} quotes conflated, {spool.RefusedTicks} ticks refused");
        }

        var gaps = status.Gaps;
        facts["gaps"] = Invariant($"{gaps.Open} open, {gaps.Filling} filling, {gaps.Filled} filled, {gaps.Unfillable} unfillable; ")
            + Invariant($"{gaps.RecoveredTicks} ticks recovered, {gaps.MissingTicks} known to be missing, {gaps.LostTicks} lost");
        if (status.Replica is { } replica)
        {
            facts["replica"] =
                Invariant($"{replica.Instance} of group {replica.Group}, {replica.State}, ")
                + $"connections {string.Join(", ", replica.Connections)}";
        }

        return facts;
    }

    private static string Connection(ConnectionStatus connection, DateTimeOffset now)
    {
        var state = connection.State.ToString().ToLowerInvariant();
        var since = (now.ToUnixTimeMilliseconds() - connection.SinceMs) / 1000.0;
        var lastMessage = connection.LastMessageAgeMs is { } age ? Invariant($", last message {age / 1000.0:0.0} s ago") : "";
        return Invariant($"{state} for {since:0} s, {connection.Acknowledged} of {connection.Wanted} channels acknowledged{lastMessage}");
    }

    /// <summary>The ages of the last ticks of the selected symbols. Omits symbols of the status that are no longer collected.</summary>
    private static string LastTicks(CollectorStatus status, HashSet<string> selected)
    {
        var ticks = string.Join(", ", status.Symbols.Where(symbol => selected.Contains(symbol.Key))
            .Select(symbol => Invariant($"{symbol.Key} {symbol.Value.LastTickAgeMs / 1000.0:0.0} s")));
        return ticks.Length > 0 ? ticks : "none yet";
    }

    private static string Oldest(SpoolStatus spool, DateTimeOffset now) =>
        spool.OldestMs is { } oldest ? Invariant($", the oldest from {(now.ToUnixTimeMilliseconds() - oldest) / 1000.0:0} s ago") : "";
}
