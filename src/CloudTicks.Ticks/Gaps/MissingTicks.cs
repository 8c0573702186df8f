namespace CloudTicks.Ticks.Gaps;

/// <summary>Ticks known to be missing that were not restored, summed over gaps; gaps that share a loss count once.</summary>
/// <param name="Open">Missing ticks that are still being requested.</param>
/// <param name="Lost">Missing ticks that are no longer requested: their gaps are unfillable.</param>
public readonly record struct MissingTicks(long Open, long Lost)
{
    /// <summary>Sums over gaps.</summary>
    /// <typeparam name="T">A gap, in the caller's own form.</typeparam>
    /// <param name="gaps">The gaps; all that share a loss should be among them.</param>
    /// <param name="read">Reads the loss, the state, the missing and the restored ticks of one.</param>
    public static MissingTicks Of<T>(IEnumerable<T> gaps, Func<T, (Guid Loss, GapState State, long Missing, long Restored)> read)
    {
        var (open, lost) = (0L, 0L);
        foreach (var loss in gaps.Select(read).Where(gap => gap.Missing > 0).GroupBy(gap => gap.Loss))
        {
            // A gap that was filled with less has its missing ticks restored by another gap of the loss.
            var left = Math.Max(0, loss.Max(gap => gap.Missing) - loss.Sum(gap => gap.Restored));
            if (loss.Any(gap => gap.State is GapState.Open or GapState.Filling))
            {
                open += left;
            }
            else if (loss.Any(gap => gap.State == GapState.Unfillable))
            {
                lost += left;
            }
        }

        return new MissingTicks(open, lost);
    }

    /// <summary>Sums over gaps.</summary>
    public static MissingTicks Of(IEnumerable<FeedGap> gaps) => Of(gaps, gap => (gap.LossId, gap.State, gap.Missing, gap.Restored));
}
