using CloudTicks.Foundations;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Hosting;
using static System.FormattableString;

namespace CloudTicks.Cli.Streaming;

/// <summary>Formats the status line of a running stream, and its summary.</summary>
internal static class StreamStatusText
{
    public static string Line(CollectorStatus status, double perSecond)
    {
        var parts = new List<string>();
        foreach (var (market, feed) in status.Connections)
        {
            var openConnections = feed.Connections.Count(connection => connection.Acknowledged > 0);
            parts.Add(feed.Failure is not null
                ? $"{market} REFUSED"
                : Invariant($"{market} {(feed.IsConnected ? "connected" : "CONNECTING")} ({openConnections} of {feed.Connections.Count})"));
        }

        parts.Add(Counted.Agree(Invariant($"{status.Symbols.Count:N0} of {status.Selection?.Symbols ?? 0:N0} symbols tick")));
        parts.Add(Invariant($"{Counted.Of(status.Received, "tick")}, {perSecond:N0}/s"));
        parts.Add(Invariant($"{status.Archived:N0} delivered"));
        if (status.HubAwayMs is { } away)
        {
            parts.Add(Invariant($"{status.Outlet?.Name ?? "the event hub"} UNAVAILABLE for {away / 1_000:N0} s"));
        }

        if (status.Spool is { Bytes: > 0 } spool)
        {
            parts.Add(Invariant($"{new ByteSize(spool.Bytes)} on disk"));
        }

        if (status.Outlet?.Redis is { } redis)
        {
            parts.Add(redis.Dropped == 0
                ? Invariant($"redis {redis.Published:N0}")
                : Invariant($"redis {redis.Published:N0}, {redis.Dropped:N0} dropped"));
        }

        return string.Join(" | ", parts);
    }

    /// <summary>The lines of the summary.</summary>
    /// <param name="status">The collector's status after it has stopped.</param>
    public static IEnumerable<string> Summary(CollectorStatus status, TimeSpan lasted)
    {
        var rejected = status.Rejected.Values.Sum();
        yield return Invariant(
            $"Streamed for {lasted.TotalSeconds:N1} s: {Counted.Of(status.Received, "tick")} of ")
            + Invariant($"{Counted.Of(status.Symbols.Count, "symbol")}, {status.Archived:N0} delivered to ")
            + Invariant($"{status.Outlet?.Name ?? "no destination"}, {rejected:N0} rejected.");
        if (status.Gaps.RecoveredTicks > 0)
        {
            yield return $"Fetched over REST, from times without a connection: {Counted.Of(status.Gaps.RecoveredTicks, "tick")}.";
        }

        if (rejected > 0)
        {
            var reasons = status.Rejected.Select(reason => Invariant($"{reason.Key} {reason.Value}"));
            yield return $"Rejected ticks, by reason: {string.Join(", ", reasons)}.";
        }

        if (status.Outlet?.RefusedTicks is > 0 and var refused)
        {
            yield return Invariant($"The server permanently refused {refused:N0} ticks, which count as delivered; ")
                + "they are saved in db-server-refused.jsonl in the data folder.";
        }

        if (status.Spool is { Records: > 0 } spool)
        {
            yield return $"On disk: {Counted.Of(spool.Records, "record")}, which the next start delivers.";
        }

        if (status.Outages.Values.Sum(outage => outage.Count) is > 0 and var outages)
        {
            yield return $"A connection was lost and restored {Counted.Of(outages, "time")}, "
                + Invariant($"{status.Outages.Values.Sum(outage => outage.Ms) / 1_000.0:N1} s in total.");
        }

        if (status.Outlet?.Redis is { } redis)
        {
            yield return Invariant($"Redis received {Counted.Of(redis.Published, "tick")}; not published there: {redis.Dropped:N0}.");
        }
    }
}
