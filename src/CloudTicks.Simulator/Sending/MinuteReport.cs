using System.Globalization;
using System.Text.Json.Serialization;
using CloudTicks.Simulator.Channels;
using CloudTicks.Simulator.History;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Simulator.Sending;

/// <param name="KnownFromMs">The Unix ms since which all generated ticks are counted; the number of earlier ticks is unknown.</param>
internal sealed record MinuteReport(
    [property: JsonPropertyName("symbol")] string Symbol,
    [property: JsonPropertyName("kind")] string Kind,
    [property: JsonPropertyName("known_from_ms")] long KnownFromMs,
    [property: JsonPropertyName("minutes")] IReadOnlyList<MinuteCount> Minutes)
{
    private const long MinuteMs = 60_000;

    /// <summary>Counts the ticks of a channel by minute; null when the history has none.</summary>
    public static MinuteReport? Of(SimulatedChannel channel, TickHistory history, long fromMs, long toMs)
    {
        var lists = new int[HistoryReader.ListsLength];
        var minutes = new SortedDictionary<long, TickTally>();
        long? known = null;
        history.Read(channel.History, pieces =>
        {
            if (pieces.Length == 0)
                return;
            // Some ticks of the first ms may be missing from the history.
            known = pieces[0].FirstOrdinal > 0 ? pieces[0].FirstMs + 1 : pieces[0].FirstMs;
            foreach (var piece in pieces.Where(piece => piece.LastMs >= fromMs && piece.FirstMs < toMs))
            {
                HistoryReader.Read(piece, channel.Symbol, channel.Kind, lists, (_, _, scoped in tick) =>
                {
                    if (tick.TimestampMs < fromMs || tick.TimestampMs >= toMs)
                        return;
                    var minute = tick.TimestampMs - (tick.TimestampMs % MinuteMs);
                    if (!minutes.TryGetValue(minute, out var tally))
                        minutes.Add(minute, tally = new TickTally());
                    tally.Add(TickIdentity.Of(tick), tick.TimestampMs);
                });
            }
        });
        return known is null ? null : new MinuteReport(
            channel.Symbol.Name,
            channel.Kind.Name(),
            known.Value,
            [.. minutes.Select(
                minute => new MinuteCount(
                    minute.Key, minute.Value.Distinct, minute.Value.DistinctSum.ToString("x16", CultureInfo.InvariantCulture)))]);
    }
}

/// <param name="DistinctSum">The wrapping 64-bit sum of the distinct ticks' identities, 16 hex digits.</param>
internal sealed record MinuteCount(
    [property: JsonPropertyName("minute_ms")] long MinuteMs,
    [property: JsonPropertyName("distinct")] long Distinct,
    [property: JsonPropertyName("distinct_sum")] string DistinctSum);
