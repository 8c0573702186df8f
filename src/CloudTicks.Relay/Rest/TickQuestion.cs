using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Relay.Rest;

/// <summary>Which ticks a request asks for.</summary>
internal sealed record TickQuestion
{
    public required Symbol Symbol { get; init; }

    public required TickKind Kind { get; init; }

    /// <summary>First time, Unix ms, UTC; 0 for no bound.</summary>
    public required long FromMs { get; init; }

    /// <summary>The time behind the last, Unix ms, UTC.</summary>
    public required long ToMs { get; init; }

    /// <summary>Whether the latest come first.</summary>
    public required bool IsBackward { get; init; }

    /// <summary>The place of the last tick of the page before, in the direction of the reading.</summary>
    public TickPlace? After { get; init; }

    /// <summary>Rows of the table that are read at once.</summary>
    public required int SliceRows { get; init; }

    /// <summary>The times that are left behind <see cref="After"/>.</summary>
    public (long FromMs, long ToMs) Rest => (After, IsBackward) switch
    {
        (null, _) => (FromMs, ToMs),
        ({ } after, true) => (FromMs, Math.Min(ToMs, after.TimestampMs + 1)),
        ({ } after, false) => (Math.Max(FromMs, after.TimestampMs), ToMs),
    };

    /// <summary>The times that lie in a range of ns: ticks have whole ms.</summary>
    public static (long FromMs, long ToMs) Ms(TimeRange range) => (Ceiling(range.FromNs), Ceiling(range.ToNs));

    private static long Ceiling(long ns) => (ns / TimeRange.NsPerMs) + (ns % TimeRange.NsPerMs > 0 ? 1 : 0);
}
