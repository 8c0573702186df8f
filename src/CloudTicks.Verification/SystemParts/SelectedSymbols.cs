using CloudTicks.Ticks.Status;

namespace CloudTicks.Verification.SystemParts;

/// <summary>What the collectors collect, and whether anything is to be expected of it now.</summary>
internal sealed class SelectedSymbols(OperatedSystem system)
{
    /// <summary>Asks all collectors.</summary>
    /// <exception cref="NoAnswerException">One does not answer.</exception>
    public async Task<IReadOnlyList<SelectedChannel>> ReadAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(
            system.Collectors.Select(collector => collector.GetAsync<SelectedChannel[]>("api/v1/symbols", cancellationToken)));
        // Of several collectors each wants all symbols, and has some of them.
        return
        [
            .. answers.SelectMany(answer => answer).GroupBy(channel => (channel.Symbol, channel.Market, channel.Kind))
                .Select(group =>
                    group.OrderByDescending(channel => channel.CoveredSinceMs is not null)
                        .ThenBy(channel => channel.LastTickAgeMs ?? long.MaxValue).First() with
                {
                    WantedSinceMs = group.Min(channel => channel.WantedSinceMs),
                }),
        ];
    }

    /// <summary>Why no ticks are to be expected now: a sentence; null when some are, or when nobody can be asked.</summary>
    public async Task<string?> WhyQuietAsync(CancellationToken cancellationToken)
    {
        try
        {
            var channels = await ReadAsync(cancellationToken);
            return channels.Count == 0 ? "Nothing is selected, so that nothing is to be expected."
                : channels.All(channel => channel.IsClosed)
                ? $"All markets are closed ({string.Join(", ", channels.Select(channel => channel.Market).Distinct())}): nothing is to "
                    + $"be expected."
                : null;
        }
        catch (NoAnswerException)
        {
            // Whoever asks fails for a reason of its own then.
            return null;
        }
    }
}
