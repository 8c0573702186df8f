using CloudTicks.Ticks.Status;

namespace CloudTicks.Verification.SystemParts;

/// <summary>The selected symbols, and whether ticks are expected now.</summary>
internal sealed class SelectedSymbols(OperatedSystem system)
{
    /// <summary>Queries all collectors.</summary>
    /// <exception cref="NoResponseException">A collector does not answer.</exception>
    public async Task<IReadOnlyList<SelectedChannel>> ReadAsync(CancellationToken cancellationToken)
    {
        var answers = await Task.WhenAll(
            system.Collectors.Select(collector => collector.GetAsync<SelectedChannel[]>("api/v1/symbols", cancellationToken)));
        // With several collectors, each reports all symbols and holds some of them.
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

    /// <summary>Why no ticks are expected now; null when some are, or when no collector answers.</summary>
    public async Task<string?> QuietReasonAsync(CancellationToken cancellationToken)
    {
        try
        {
            var channels = await ReadAsync(cancellationToken);
            return channels.Count == 0 ? "Nothing is selected, so no ticks are expected."
                : channels.All(channel => channel.IsClosed)
                ? $"All markets are closed ({string.Join(", ", channels.Select(channel => channel.Market).Distinct())}): nothing is to "
                    + $"be expected."
                : null;
        }
        catch (NoResponseException)
        {
            // The calling check then fails with its own message.
            return null;
        }
    }
}
