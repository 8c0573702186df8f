using CloudTicks.Polygon.Sessions;

namespace CloudTicks.Polygon.Feeds;

/// <summary>Tracks which sessions hold each channel, and reports when coverage begins and ends. Not thread-safe.</summary>
internal sealed class CoverageTracker(Action<IReadOnlyList<CoverageChange>> report)
{
    private readonly Dictionary<FeedChannel, List<(PolygonConnection Connection, long SinceMs)>> _holders = [];

    public bool IsCovered(FeedChannel channel) => _holders.ContainsKey(channel);

    public IReadOnlyList<FeedChannel> Covered() => [.. _holders.Keys];

    public IReadOnlyList<PolygonConnection> Holders(FeedChannel channel) =>
        _holders.TryGetValue(channel, out var holders) ? [.. holders.Select(holder => holder.Connection)] : [];

    public void Begin(IEnumerable<FeedChannel> channels, PolygonConnection connection, long atMs)
    {
        var changes = new List<CoverageChange>();
        foreach (var channel in channels)
        {
            if (!_holders.TryGetValue(channel, out var holders))
            {
                _holders.Add(channel, [(connection, atMs)]);
                changes.Add(new CoverageChange(channel, true, atMs, LossCause.None, ""));
            }
            else if (holders.TrueForAll(holder => holder.Connection != connection))
            {
                holders.Add((connection, atMs));
            }
        }

        Report(changes);
    }

    /// <summary>Ends a session's hold on channels.</summary>
    /// <param name="atMs">
    /// The time at which the session last held them, Unix ms. If it is earlier than the beginning of the hold, the beginning is used
    /// instead.
    /// </param>
    public void End(IEnumerable<FeedChannel> channels, PolygonConnection connection, long atMs, LossCause cause, string detail)
    {
        var changes = new List<CoverageChange>();
        foreach (var channel in channels)
        {
            var index = _holders.TryGetValue(channel, out var holders) ? holders.FindIndex(holder => holder.Connection == connection) : -1;
            if (index < 0)
            {
                continue;
            }

            // The session's last message may be the acknowledgement itself, whose arrival time is slightly before the hold began.
            var endMs = Math.Max(atMs, holders![index].SinceMs);
            holders.RemoveAt(index);
            if (holders.Count == 0)
            {
                _holders.Remove(channel);
                changes.Add(new CoverageChange(channel, false, endMs, cause, detail));
            }
            else if (holders.Min(holder => holder.SinceMs) is var since && since > endMs)
            {
                // The other session's hold began after this session's last message, so there is a gap between the two holds.
                changes.Add(new CoverageChange(channel, false, endMs, cause, detail));
                changes.Add(new CoverageChange(channel, true, since, LossCause.None, ""));
            }
        }

        Report(changes);
    }

    public void Forget(IEnumerable<FeedChannel> channels, long atMs) => Report(
        [.. channels.Where(_holders.Remove)
            .Select(channel => new CoverageChange(channel, false, atMs, LossCause.Unsubscribed, "no longer wanted"))]);

    private void Report(List<CoverageChange> changes)
    {
        if (changes.Count > 0)
        {
            report(changes);
        }
    }
}
