using Azure.Messaging.EventHubs;
using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.WorstCase;

/// <summary>
/// Delivers batches in the worst way that the runtime permits: cancels, duplicates and repeats calls, and checkpoints failed batches.
/// </summary>
internal sealed class WorstCaseDelivery(
    BatchDelivery call, WorstCaseOptions options, Dice dice, string target, TimeProvider time, ILogger logger)
{
    /// <summary>The maximum number of events kept for redelivery; they occupy memory in addition to the partition's buffer.</summary>
    private const int MaxRecent = 200;

    private const int MaxMillisecondsUntilCancelled = 10;

    private readonly List<EventData> _recent = [];

    /// <summary>Delivers a batch; when it completes, the host treats the batch as done.</summary>
    public async Task DeliverAsync(EventData[] events, CancellationToken cancellationToken)
    {
        var twice = dice.Hits();
        var cancelAfter = dice.Hits() ? TimeSpan.FromMilliseconds(dice.NextInt(MaxMillisecondsUntilCancelled)) : (TimeSpan?)null;
        var first = CallAsync(events, cancelAfter, cancellationToken);
        var secondCall = twice ? RepeatAsync(events, "at the same time", cancellationToken) : Task.CompletedTask;
        await Task.WhenAll(first, secondCall);
        Remember(events);
        if (dice.Hits())
        {
            await RepeatAsync(RandomRange(), "again", cancellationToken);
        }
    }

    private async Task CallAsync(EventData[] events, TimeSpan? cancelAfter, CancellationToken cancellationToken)
    {
        using var cancellation = cancelAfter is { } delay ? new CancellationTokenSource(delay, time) : new CancellationTokenSource();
        using var linkedCancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellation.Token, cancellationToken);
        try
        {
            await call(events, linkedCancellation.Token);
        }
        catch (Exception) when (linkedCancellation.IsCancellationRequested && !options.CheckpointsCancelled)
        {
            cancellationToken.ThrowIfCancellationRequested();
            logger.Cancelled(target, events[0].SequenceNumber, events.Length);
            await CallAsync(events, cancelAfter: null, cancellationToken);
        }
        catch (Exception failed)
        {
            logger.FailedBatchCheckpointed(target, events[0].SequenceNumber, events.Length, failed);
        }
    }

    /// <summary>Repeats a call. A failure is only logged, unless the host stops or has lost the partition.</summary>
    private async Task RepeatAsync(EventData[] events, string how, CancellationToken cancellationToken)
    {
        logger.Repeats(target, events[0].SequenceNumber, events.Length, how);
        try
        {
            await call(events, cancellationToken);
        }
        catch (Exception failed) when (!cancellationToken.IsCancellationRequested)
        {
            logger.RepeatFailed(target, events[0].SequenceNumber, failed);
        }
    }

    private void Remember(EventData[] events)
    {
        _recent.AddRange(events);
        _recent.RemoveRange(0, Math.Max(0, _recent.Count - MaxRecent));
    }

    /// <summary>Returns a random range of consecutive events, so that a redelivery may split batches.</summary>
    private EventData[] RandomRange()
    {
        var start = dice.NextInt(_recent.Count);
        return [.. _recent.GetRange(start, 1 + dice.NextInt(_recent.Count - start))];
    }
}
