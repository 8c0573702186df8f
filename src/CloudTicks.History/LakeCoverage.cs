using CloudTicks.Lake.Reading;

namespace CloudTicks.History;

/// <summary>Determines whether the lake has the ticks that the table no longer has.</summary>
public sealed class LakeCoverage(LakeReader lake)
{
    /// <summary>The safety margin, ms: the clocks of feed and writer may differ, and archiving a record takes a moment.</summary>
    private const long MarginMs = 60_000;

    /// <summary>Whether a lake is configured.</summary>
    public bool IsConfigured => lake.IsConfigured;

    /// <summary>Whether the lake has every tick before a border of the table.</summary>
    /// <param name="borderMs">Unix ms, UTC; <see cref="TableBorder.Empty"/> for an empty table.</param>
    /// <exception cref="LakeUnavailableException">The lake cannot be read.</exception>
    public async Task<bool> CoversAsync(long borderMs, CancellationToken cancellationToken) =>
        lake.IsConfigured && await lake.ExtentAsync(cancellationToken) is { FirstMs: not null } extent
        && (borderMs == TableBorder.Empty || extent.CompleteToMs - MarginMs >= borderMs);
}
