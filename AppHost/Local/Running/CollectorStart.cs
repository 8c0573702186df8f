using System.Text.Json;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Starts the collector and fails if the feed refuses it permanently, for example because of a wrong key.</summary>
internal sealed class CollectorStart(ProjectResource collector, LocalEnvironment environment)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>Completes when the collector is healthy.</summary>
    /// <exception cref="LocalRunException">The collector exited, did not become healthy, or was refused on all markets.</exception>
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

    /// <summary>Why all markets are refused; null while at least one may still connect.</summary>
    private async Task<string?> RefusalAsync(CancellationToken cancellationToken)
    {
        if (collector.Address.IsDefaultPort)
        {
            // No port is assigned yet.
            return null;
        }

        try
        {
            using var feed = new FeedClient([collector.Address], simulator: null, timeout: PollInterval * 10);
            var status = await feed.CollectorsAsync(cancellationToken);
            return status.Refused.Count > 0 && status.Refused.Count == status.Connected.Count
                ? string.Join(" ", status.Refused.Values)
                : null;
        }
        catch (Exception exception) when (exception is HttpRequestException or JsonException
            || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested))
        {
            // The collector does not listen yet; the time limit of the start still applies.
            return null;
        }
    }
}
