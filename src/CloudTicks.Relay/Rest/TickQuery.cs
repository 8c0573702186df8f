using CloudTicks.Polygon.Serving.Rest;
using CloudTicks.Ticks;
using CloudTicks.Timescale.Queries;

namespace CloudTicks.Relay.Rest;

/// <summary>Selects the ticks of a request.</summary>
internal sealed record TickQuery
{
    public required Symbol Symbol { get; init; }

    public required TickKind Kind { get; init; }

    /// <summary>Start of the range, Unix ms, UTC; 0 for no bound.</summary>
    public required long FromMs { get; init; }

    /// <summary>End of the range, exclusive, Unix ms, UTC.</summary>
    public required long ToMs { get; init; }

    /// <summary>Whether to read backward, from the newest tick to the oldest.</summary>
    public required bool IsBackward { get; init; }

    /// <summary>The position of the previous page's last tick; null for the first page.</summary>
    public TickPosition? After { get; init; }

    /// <summary>The number of table rows to read per query.</summary>
    public required int SliceRows { get; init; }

    /// <summary>The range of times that remains after <see cref="After"/>, Unix ms, UTC.</summary>
    public (long FromMs, long ToMs) Rest => (After, IsBackward) switch
    {
        (null, _) => (FromMs, ToMs),
        ({ } after, true) => (FromMs, Math.Min(ToMs, after.TimestampMs + 1)),
        ({ } after, false) => (Math.Max(FromMs, after.TimestampMs), ToMs),
    };

    /// <summary>Converts a range of ns to ms; ticks have whole ms.</summary>
    public static (long FromMs, long ToMs) MillisecondsOf(TimeRange range) => (Ceiling(range.FromNs), Ceiling(range.ToNs));

    private static long Ceiling(long ns) => (ns / TimeRange.NsPerMs) + (ns % TimeRange.NsPerMs > 0 ? 1 : 0);
}
