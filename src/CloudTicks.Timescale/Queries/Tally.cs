namespace CloudTicks.Timescale.Queries;

internal readonly record struct Tally(long Count, long FirstMs, long LastMs)
{
    public static void Add(Dictionary<TickSeries, Tally> sums, TickSeries series, Tally more) =>
        sums[series] = sums.TryGetValue(series, out var sum)
            ? new Tally(sum.Count + more.Count, Math.Min(sum.FirstMs, more.FirstMs), Math.Max(sum.LastMs, more.LastMs))
            : more;

    public static void Add(Dictionary<TickSeries, Tally> sums, Dictionary<TickSeries, Tally> more)
    {
        foreach (var (series, tally) in more)
        {
            Add(sums, series, tally);
        }
    }
}

/// <summary>Identifies the ticks of one kind of a symbol.</summary>
/// <param name="Kind"><c>quote</c> or <c>trade</c>.</param>
internal readonly record struct TickSeries(string Symbol, string Kind);
