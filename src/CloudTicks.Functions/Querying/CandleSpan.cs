using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.Querying;

/// <summary>The requested candles: all that overlap the time range, which is extended to whole candles.</summary>
internal readonly record struct CandleSpan(long LengthMs, long FromMs, long ToMs)
{
    /// <summary>The maximum number of candles in one response.</summary>
    public const int MaxCount = 10_000;

    private const int DefaultCount = 500;
    private const string Hint = "It must be 1s, 1m, 5m or 1h.";

    /// <summary>Reads <c>interval</c>, <c>from</c>, <c>to</c> and <c>limit</c>; the limit determines a missing bound.</summary>
    public static CandleSpan Read(QueryParameters parameters, long nowMs)
    {
        var hasInterval = parameters.TryGet<long>("interval", TryParse, Hint, out var length);
        if (!hasInterval)
        {
            parameters.Refuse("interval", Hint);
            length = 60_000;
        }

        var (from, to) = (Bound(parameters.Time("from")), Bound(parameters.Time("to")));
        parameters.RefuseReversedRange(from, to);
        var limit = parameters.Limit(from is not null && to is not null ? MaxCount : DefaultCount, MaxCount);
        var maxRangeMs = limit * length;
        var end = Ceiling(to ?? Math.Min(nowMs, from is { } first ? Floor(first, length) + maxRangeMs : long.MaxValue), length);
        var start = Floor(from ?? (end - maxRangeMs), length);
        if (end - start > maxRangeMs)
        {
            parameters.Refuse(
                "from",
                $"The range has more than {limit} candles: request a shorter range{(limit < MaxCount ? ", a higher limit" : "")} or longer "
                    + $"candles.");
        }

        return new CandleSpan(length, start, end);
    }

    private static long Floor(long ms, long length) => ms - (((ms % length) + length) % length);

    private static long Ceiling(long ms, long length) => -Floor(-ms, length);

    /// <summary>Limits a bound to a range that includes every tick's time, so that sums cannot overflow.</summary>
    private static long? Bound(long? ms) => ms is { } some ? Math.Clamp(some, long.MinValue / 4, long.MaxValue / 4) : null;

    private static bool TryParse(string text, out long lengthMs)
    {
        lengthMs = text switch
        {
            "1s" => 1_000,
            "1m" => 60_000,
            "5m" => 300_000,
            "1h" => 3_600_000,
            _ => 0,
        };
        return lengthMs > 0;
    }
}
