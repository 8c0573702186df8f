using CloudTicks.Lake.Reading;

namespace CloudTicks.History;

/// <summary>Determines whether the lake has the ticks that the table no longer has.</summary>
public sealed class LakeCoverage(LakeReader lake)
{
    /// <summary>
    /// A safety margin, ms, because the clocks of feed and writer may differ, and a tick is archived some time after the feed sent it.
    /// </summary>
    private const long MarginMs = 60_000;

    /// <summary>Whether a lake is configured.</summary>
    public bool IsConfigured => lake.IsConfigured;

    /// <summary>Whether the lake has every tick before a boundary of the table.</summary>
    /// <param name="boundaryMs">Unix ms, UTC; <see cref="TableBoundary.Empty"/> for an empty table.</param>
    /// <exception cref="LakeUnavailableException">The lake cannot be read.</exception>
    public async Task<bool> CoversAsync(long boundaryMs, CancellationToken cancellationToken) =>
        lake.IsConfigured && await lake.ExtentAsync(cancellationToken) is { FirstMs: not null } extent
        && (boundaryMs == TableBoundary.Empty || extent.CompleteToMs - MarginMs >= boundaryMs);
}
