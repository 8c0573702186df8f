using CloudTicks.Ticks.Status;
using CloudTicks.Verification.SystemParts;

namespace CloudTicks.Verification.Reconciling;

/// <param name="WantedSince">Since when each series is selected, Unix ms, by processes that forget it when they end.</param>
/// <param name="BeganMs">When the youngest of them received its first tick, Unix ms; never, when it has received none.</param>
internal sealed record CollectorWords(IReadOnlyDictionary<Series, long> WantedSince, long BeganMs, IReadOnlyList<SpoolStatus> Spools)
{
    /// <summary>Asks all of them.</summary>
    /// <exception cref="NoAnswerException">One does not answer.</exception>
    public static async Task<CollectorWords> AskAsync(OperatedSystem system, SelectedSymbols selection, CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(
            system.Collectors.Select(collector => collector.GetAsync<CollectorStatus>("api/v1/status", cancellationToken)));
        var selected = await selection.ReadAsync(cancellationToken);
        return new CollectorWords(
            selected.ToDictionary(channel => new Series(channel.Symbol, channel.Kind == "trade"), channel => channel.WantedSinceMs),
            answers.Max(answer => answer.FirstTickMs ?? long.MaxValue),
            [.. answers.Select(answer => answer.Spool).OfType<SpoolStatus>()]);
    }

    /// <summary>Whether a series is collected since that time only, and was not before.</summary>
    /// <returns>Since when; null when it was selected then.</returns>
    public long? CollectedOnlySince(Series series, long minuteMs, bool wasCollected)
    {
        // What was selected before the first tick is what a process began with: started anew it owes what its ledger of gaps does not have.
        var since = WantedSince[series];
        return since > minuteMs && !(wasCollected && since <= BeganMs) ? since : null;
    }
}
