using CloudTicks.Ticks.Status;

namespace CloudTicks.Verification.SystemParts;

/// <summary>The selected symbols, and whether ticks are expected now.</summary>
internal sealed class SelectedSymbols(OperatedSystem system)
{
    /// <summary>Queries all collectors.</summary>
    /// <exception cref="NoResponseException">A collector does not answer.</exception>
    public async Task<IReadOnlyList<SelectedChannel>> ReadAsync(CancellationToken cancellationToken)
    {
        var responses = await Task.WhenAll(
            system.Collectors.Select(collector => collector.GetAsync<SelectedChannel[]>("api/v1/symbols", cancellationToken)));
        // With several collectors, each reports all symbols and covers some of them.
        return
        [
            .. responses.SelectMany(response => response).GroupBy(channel => (channel.Symbol, channel.Market, channel.Kind))
                .Select(group =>
                    group.OrderByDescending(channel => channel.CoveredSinceMs is not null)
                        .ThenBy(channel => channel.LastTickAgeMs ?? long.MaxValue).First() with
                {
                    WantedSinceMs = group.Min(channel => channel.WantedSinceMs),
                }),
        ];
    }

    /// <summary>Why no ticks are expected now; null when ticks are expected, or a collector does not answer.</summary>
    public async Task<string?> QuietReasonAsync(CancellationToken cancellationToken)
    {
        try
        {
            var channels = await ReadAsync(cancellationToken);
            return channels.Count == 0 ? "Nothing is selected, so no ticks are expected."
                : channels.All(channel => channel.IsClosed)
                ? $"All markets are closed ({string.Join(", ", channels.Select(channel => channel.Market).Distinct())}): no ticks "
                    + $"are expected."
                : null;
        }
        catch (NoResponseException)
        {
            // Null lets the calling check fail with its own message.
            return null;
        }
    }
}
