using System.Globalization;
using CloudTicks.Foundations;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Cli.Streaming;

/// <summary>What a stream says of itself: one line while it runs, a few at its end.</summary>
internal static class StreamStatusText
{
    public static string Line(CollectorStatus status, double perSecond)
    {
        var parts = new List<string>();
        foreach (var (market, feed) in status.Connections)
        {
            var standing = feed.Connections.Count(connection => connection.Acknowledged > 0);
            parts.Add(feed.Failure is not null
                ? $"{market} REFUSED"
                : Text($"{market} {(feed.IsConnected ? "connected" : "CONNECTING")} ({standing} of {feed.Connections.Count})"));
        }

        parts.Add(Text($"{status.Symbols.Count:N0} of {status.Selection?.Symbols ?? 0:N0} symbols tick"));
        parts.Add(Text($"{status.Received:N0} ticks, {perSecond:N0}/s"));
        parts.Add(Text($"{status.Archived:N0} delivered"));
        if (status.HubAwayMs is { } away)
        {
            parts.Add(Text($"{status.Outlet?.Name ?? "the event hub"} AWAY for {away / 1_000:N0} s"));
        }

        if (status.Spool is { Bytes: > 0 } spool)
        {
            parts.Add(Text($"{new ByteSize(spool.Bytes)} on disk"));
        }

        if (status.Outlet?.Redis is { } redis)
        {
            parts.Add(redis.Dropped == 0
                ? Text($"redis {redis.Published:N0}")
                : Text($"redis {redis.Published:N0}, {redis.Dropped:N0} dropped"));
        }

        return string.Join(" | ", parts);
    }

    /// <summary>The lines of the end.</summary>
    /// <param name="status">The collector's, after it has stopped.</param>
    public static IEnumerable<string> Summary(CollectorStatus status, TimeSpan lasted)
    {
        var rejected = status.Rejected.Values.Sum();
        yield return Text(
            $"Streamed for {lasted.TotalSeconds:N1} s: {status.Received:N0} ticks of {status.Symbols.Count:N0} symbols, ")
            + Text($"{status.Archived:N0} delivered to {status.Outlet?.Name ?? "nobody"}, {rejected:N0} rejected.");
        if (status.Gaps.RecoveredTicks > 0)
        {
            yield return Text($"{status.Gaps.RecoveredTicks:N0} more ticks were fetched back over REST, of times without a connection.");
        }

        if (rejected > 0)
        {
            yield return Text($"Rejected: {string.Join(", ", status.Rejected.Select(reason => $"{reason.Key} {reason.Value}"))}.");
        }

        if (status.Outlet?.RefusedTicks is > 0 and var refused)
        {
            yield return Text($"The server refused {refused:N0} of the delivered ticks for good; ")
                + "they are in db-server-refused.jsonl of the data folder.";
        }

        if (status.Spool is { Records: > 0 } spool)
        {
            yield return Text($"{spool.Records:N0} records wait on disk; the next start delivers them.");
        }

        if (status.Outages.Values.Sum(outage => outage.Count) is > 0 and var outages)
        {
            yield return Text($"{outages:N0} times a connection was lost and came again, ")
                + Text($"{status.Outages.Values.Sum(outage => outage.Ms) / 1_000.0:N1} s in all.");
        }

        if (status.Outlet?.Redis is { } redis)
        {
            yield return Text($"Redis took {redis.Published:N0} ticks; {redis.Dropped:N0} were not published there.");
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
