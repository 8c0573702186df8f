namespace CloudTicks.Ticks.Gaps;

/// <summary>The sums of missing ticks that were not restored. Gaps that share a loss count once.</summary>
/// <param name="Open">Missing ticks that the collector still tries to fetch.</param>
/// <param name="Lost">Missing ticks whose gaps are unfillable.</param>
public readonly record struct MissingTicks(long Open, long Lost)
{
    /// <summary>Sums the missing ticks of gaps.</summary>
    /// <typeparam name="T">The caller's type of a gap.</typeparam>
    /// <param name="gaps">The gaps, including all that share a loss.</param>
    /// <param name="read">Reads the loss, state, missing and restored ticks of a gap.</param>
    public static MissingTicks Of<T>(IEnumerable<T> gaps, Func<T, (Guid Loss, GapState State, long Missing, long Restored)> read)
    {
        var (open, lost) = (0L, 0L);
        foreach (var loss in gaps.Select(read).Where(gap => gap.Missing > 0).GroupBy(gap => gap.Loss))
        {
            // Each gap of a loss has the number of the whole loss as Missing, but only its own ticks as Restored.
            var remaining = Math.Max(0, loss.Max(gap => gap.Missing) - loss.Sum(gap => gap.Restored));
            if (loss.Any(gap => gap.State is GapState.Open or GapState.Filling))
            {
                open += remaining;
            }
            else if (loss.Any(gap => gap.State == GapState.Unfillable))
            {
                lost += remaining;
            }
        }

        return new MissingTicks(open, lost);
    }

    /// <summary>Sums the missing ticks of gaps.</summary>
    public static MissingTicks Of(IEnumerable<FeedGap> gaps) => Of(gaps, gap => (gap.LossId, gap.State, gap.Missing, gap.Restored));
}
