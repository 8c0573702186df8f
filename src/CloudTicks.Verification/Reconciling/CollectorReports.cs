using CloudTicks.Ticks.Status;
using CloudTicks.Verification.SystemParts;

namespace CloudTicks.Verification.Reconciling;

/// <param name="WantedSince">Since when each series has been selected, Unix ms. Each process reports the time since its own start.</param>
/// <param name="BeganMs">When the youngest process received its first tick, Unix ms; the maximum when it has none.</param>
internal sealed record CollectorReports(IReadOnlyDictionary<Series, long> WantedSince, long BeganMs, IReadOnlyList<SpoolStatus> Spools)
{
    /// <summary>Queries all collectors.</summary>
    /// <exception cref="NoResponseException">A collector does not answer.</exception>
    public static async Task<CollectorReports> QueryAsync(
        OperatedSystem system, SelectedSymbols selection, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(
            system.Collectors.Select(collector => collector.GetAsync<CollectorStatus>("api/v1/status", cancellationToken)));
        var selected = await selection.ReadAsync(cancellationToken);
        return new CollectorReports(
            selected.ToDictionary(channel => new Series(channel.Symbol, channel.Kind == "trade"), channel => channel.WantedSinceMs),
            answers.Max(answer => answer.FirstTickMs ?? long.MaxValue),
            [.. answers.Select(answer => answer.Spool).OfType<SpoolStatus>()]);
    }

    /// <summary>Returns when a series was selected, if that was after the given minute.</summary>
    /// <returns>Unix ms; null if the series was already selected in that minute.</returns>
    public long? CollectedOnlySince(Series series, long minuteMs, bool wasCollected)
    {
        // A series selected before the first tick was selected at the start: a restarted process must have all ticks that its gap ledger
        // does not list.
        var since = WantedSince[series];
        return since > minuteMs && !(wasCollected && since <= BeganMs) ? since : null;
    }
}
