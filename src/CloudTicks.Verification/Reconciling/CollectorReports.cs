using CloudTicks.Ticks.Status;
using CloudTicks.Verification.SystemParts;

namespace CloudTicks.Verification.Reconciling;

/// <param name="WantedSince">
/// The time since which each series has been selected, Unix ms; a process reports no time before its own start.
/// </param>
/// <param name="FirstTicksReceivedMs">
/// The time by which every process had received its first tick, Unix ms; <see cref="long.MaxValue"/> if a process has received none.
/// </param>
internal sealed record CollectorReports(
    IReadOnlyDictionary<Series, long> WantedSince, long FirstTicksReceivedMs, IReadOnlyList<SpoolStatus> Spools)
{
    /// <summary>Queries all collectors.</summary>
    /// <exception cref="NoResponseException">A collector does not answer.</exception>
    public static async Task<CollectorReports> QueryAsync(
        OperatedSystem system, SelectedSymbols selection, CancellationToken cancellationToken)
    {
        var responses = await Task.WhenAll(
            system.Collectors.Select(collector => collector.GetAsync<CollectorStatus>("api/v1/status", cancellationToken)));
        var selected = await selection.ReadAsync(cancellationToken);
        return new CollectorReports(
            selected.ToDictionary(channel => new Series(channel.Symbol, channel.Kind == "trade"), channel => channel.WantedSinceMs),
            responses.Max(response => response.FirstTickMs ?? long.MaxValue),
            [.. responses.Select(response => response.Spool).OfType<SpoolStatus>()]);
    }

    /// <summary>Returns the time since which a series has been selected, if that is after the start of the given minute.</summary>
    /// <returns>Unix ms; null if the series was selected earlier, or if the time is only that of a restart.</returns>
    public long? CollectedOnlySince(Series series, long minuteMs, bool wasCollected)
    {
        // A restart does not explain missing ticks: if the series was already collected, and this time is only the start of a new
        // process, then all ticks must be in the archive or in a gap.
        var since = WantedSince[series];
        return since > minuteMs && !(wasCollected && since <= FirstTicksReceivedMs) ? since : null;
    }
}
