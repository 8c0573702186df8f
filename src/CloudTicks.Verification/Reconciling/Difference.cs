using System.Text.Json.Nodes;
using CloudTicks.Verification.Findings;
using static System.FormattableString;

namespace CloudTicks.Verification.Reconciling;

/// <summary>A series and minute in which feed, archive and table differ.</summary>
/// <param name="Feed">Distinct ticks that the feed generated; null when the feed has no count of this series and minute.</param>
/// <param name="Table">Rows of the table; null before the table's beginning.</param>
/// <param name="Explanation">Why the difference is not a fault; null without an explanation.</param>
internal sealed record Difference(
    Series Series, long MinuteMs, long? Feed, long Archive, long? Table, string What, string? Explanation,
    IReadOnlyList<(long TimestampMs, ulong Identity)> Examples)
{
    public string Text
    {
        get
        {
            var examples = Examples.Count == 0
                ? ""
                : $" ({string.Join(", ", Examples.Select(tick => Invariant($"{tick.TimestampMs} {tick.Identity:x16}")))})";
            var counts = Invariant(
                $"feed {Feed?.ToString("N0") ?? "?"}, archive {Archive:N0}, table {Table?.ToString("N0") ?? "?"}");
            return $"{Series} {Format.Time(MinuteMs)[..16]}Z: {counts}: {What}{examples}{(Explanation is null ? "" : $"; {Explanation}")}";
        }
    }

    public JsonObject ToJson() => new()
    {
        ["symbol"] = Series.Symbol,
        ["kind"] = Series.Kind,
        ["minute_ms"] = MinuteMs,
        ["feed"] = Feed,
        ["archive"] = Archive,
        ["table"] = Table,
        ["what"] = What,
        ["explanation"] = Explanation,
        ["ticks"] = new JsonArray(
            [.. Examples.Select(
                tick => (JsonNode)new JsonObject { ["timestamp_ms"] = tick.TimestampMs, ["id"] = tick.Identity.ToString("x16") })]),
        ["text"] = Text,
    };
}
