using System.Text.Json;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Starts the collector, unless its feed refuses it permanently: a wrong key stays wrong.</summary>
internal sealed class CollectorStart(ProjectResource collector, LocalEnvironment environment)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Completes when the collector is healthy.</summary>
    /// <exception cref="LocalRunException">It ended, did not become healthy, or is refused on all markets.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        using var refused = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var start = collector.StartAsync(environment, refused.Token);
        while (!start.IsCompleted)
        {
            if (await RefusalAsync(cancellationToken) is { } reason)
            {
                await refused.CancelAsync();
                await start.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                throw new LocalRunException(reason);
            }

            await Task.WhenAny(start, Task.Delay(PollInterval, environment.Time, cancellationToken));
        }

        await start;
    }

    /// <summary>Why all its markets are refused; null while one may still come.</summary>
    private async Task<string?> RefusalAsync(CancellationToken cancellationToken)
    {
        if (collector.Address.IsDefaultPort)
        {
            // It has no port yet.
            return null;
        }

        try
        {
            using var feed = new FeedClient([collector.Address], simulator: null, patience: PollInterval * 10);
            var status = await feed.CollectorsAsync(cancellationToken);
            return status.Refused.Count > 0 && status.Refused.Count == status.Connected.Count
                ? string.Join(" ", status.Refused.Values)
                : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // Not listening yet; whether that lasts too long is seen elsewhere.
            return null;
        }
    }
}
