using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Archive;

/// <summary>Stops the tail's reading when the archive has changed, or after some time without subscribers.</summary>
internal sealed class TailWatch(
    StreamPositions stream, LiveChannels channels, TailPositions positions, TailInitializer opening, TailOutage outage,
    IOptions<RelayOptions> options, TimeProvider time)
{
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    /// <param name="reading">Cancelled by this watch to end the reading and the watch itself.</param>
    public async Task RunAsync(CancellationTokenSource reading)
    {
        try
        {
            await Task.WhenAll(WatchArchiveAsync(reading), WatchDemandAsync(reading));
        }
        catch (OperationCanceledException)
        {
            // The reading has ended.
        }
    }

    /// <summary>
    /// The Kafka client waits silently for an unavailable event hub, so the archive's ends are queried every few seconds.
    /// </summary>
    private async Task WatchArchiveAsync(CancellationTokenSource reading)
    {
        using var timer = new PeriodicTimer(CheckInterval, time);
        while (await timer.WaitForNextTickAsync(reading.Token))
        {
            try
            {
                if (await HasChangedAsync(reading.Token))
                {
                    await reading.CancelAsync();
                    return;
                }
            }
            catch (EventStreamException problem)
            {
                outage.Failed(problem);
            }
        }
    }

    private async Task WatchDemandAsync(CancellationTokenSource reading)
    {
        while (channels.HasSubscribers || await channels.DemandChanged.WaitAsync(options.Value.PauseAfter, time, reading.Token))
        {
            if (channels.HasSubscribers)
            {
                await channels.DemandChanged.WaitAsync(reading.Token);
            }
        }

        await reading.CancelAsync();
    }

    private async Task<bool> HasChangedAsync(CancellationToken cancellationToken)
    {
        long[] before;
        lock (channels.DeliveryLock)
        {
            before = [.. Enumerable.Range(0, positions.Partitions).Select(positions.Next)];
        }

        // Calls of the Kafka client may block for a while, and stopping must not wait for them.
        var watermarks = await stream.GetWatermarksAsync(TopicNames.TickArchive, cancellationToken).WaitAsync(cancellationToken);
        if (outage.IsOngoing && await opening.IsReplacedAsync(cancellationToken))
        {
            return true;
        }

        outage.Answered();
        lock (channels.DeliveryLock)
        {
            if (watermarks.Count > before.Length || watermarks.Any(partition => partition.High < before[partition.Partition]))
            {
                return true;
            }

            foreach (var partition in watermarks)
            {
                positions.SetEnd(partition.Partition, partition.High);
            }
        }

        return false;
    }
}
