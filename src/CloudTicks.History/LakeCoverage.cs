using CloudTicks.Lake.Reading;

namespace CloudTicks.History;

/// <summary>Whether the lake has what the table lacks.</summary>
public sealed class LakeCoverage(LakeReader lake)
{
    /// <summary>Clocks of feed and writer differ, and a record takes a moment to be archived.</summary>
    private const long MarginMs = 60_000;

    /// <summary>Whether there is a lake.</summary>
    public bool IsOn => lake.IsOn;

    /// <summary>Whether it has every tick before a border of the table.</summary>
    /// <param name="borderMs">Unix ms, UTC; <see cref="TableBorder.Empty"/> for an empty table.</param>
    /// <exception cref="LakeUnavailableException">It cannot be read.</exception>
    public async Task<bool> CoversAsync(long borderMs, CancellationToken cancellationToken) =>
        lake.IsOn && await lake.ExtentAsync(cancellationToken) is { FirstMs: not null } extent
        && (borderMs == TableBorder.Empty || extent.CompleteToMs - MarginMs >= borderMs);
}
