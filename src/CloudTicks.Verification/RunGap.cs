using System.Globalization;
using System.Text.Json.Serialization;

namespace CloudTicks.Verification;

/// <summary>A gap of a run, as a collector reports it (<c>GET /api/v1/gaps</c>).</summary>
/// <param name="Kind"><c>quote</c> or <c>trade</c>.</param>
/// <param name="FromMs">First Unix ms in which a tick may be missing.</param>
/// <param name="ToMs">Last Unix ms in which a tick may be missing; null while the gap lasts.</param>
/// <param name="State"><c>open</c>, <c>filling</c>, <c>filled</c> or <c>unfillable</c>.</param>
/// <param name="Detail">Why the gap is not filled; null without a reason.</param>
public sealed record RunGap(string Symbol, string Kind, long FromMs, long? ToMs, string Cause, string State, long Recovered, string? Detail)
{
    /// <summary>Whether the gap's backfill is waiting or running.</summary>
    [JsonIgnore]
    public bool IsPending => State is "open" or "filling";

    /// <summary>Whether all known missing ticks were recovered.</summary>
    [JsonIgnore]
    public bool IsFilled => State == "filled";

    /// <inheritdoc/>
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Symbol} {Kind}s from {Time(FromMs)} {(ToMs is { } to ? $"to {Time(to)}" : "on")} ({Cause}, "
            + $"{State}{(Detail is null ? "" : $": {Detail}")})");

    private static string Time(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(ms).ToString("HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
