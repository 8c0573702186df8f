using System.Collections.Concurrent;
using CloudTicks.Foundations;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Publishing;

/// <summary>Publishes the ticks of records on <c>ticks.{symbol}</c>, one message per tick.</summary>
/// <param name="logger">Logs failed attempts, and the first unreadable record.</param>
public sealed class PublishTicksHandler(
    NatsPublisher publisher, PublishTicksMetrics metrics, TimeProvider time, ILogger<PublishTicksHandler> logger)
{
    private static readonly TimeSpan RetryDelay = TimeSpan.FromMilliseconds(200);

    /// <summary>Idle message buffers, one per concurrently encoding call; calls that wait for the server need none.</summary>
    private readonly ConcurrentBag<TickMessages> _idleMessages = [];

    // Logs only failures, never a recovery, because the success of one call says nothing about other calls.
    private readonly OutageLog _problemLog = new(time);
    private int _unreadableLogged;

    /// <summary>
    /// Publishes the ticks, and completes when the server has received every message. It retries through lost connections, because a host
    /// may checkpoint a failed batch, whose messages would then never be published. An unreadable record is counted and skipped: StoreTicks
    /// sends it to the dead letters. Gap records are skipped as well.
    /// </summary>
    /// <param name="records">Records of one partition, in order.</param>
    /// <param name="cancellationToken">Cancels the attempts; all records must be delivered again.</param>
    public async Task PublishAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await PublishOnceAsync(records, cancellationToken);
                return;
            }
            catch (MessagingException problem)
            {
                OnProblem(records.Count, attempt, problem);
                await Task.Delay(RetryDelay, time, cancellationToken);
            }
        }
    }

    /// <exception cref="MessagingException">The connection was lost before the server confirmed the messages, or a message is too
    /// large.</exception>
    private async Task PublishOnceAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellationToken)
    {
        await publisher.WaitUntilConnectedAsync(cancellationToken);
        // Read the generation before the first message: only a confirmation on this connection counts.
        var generation = publisher.Generation;
        var messages = _idleMessages.TryTake(out var idle) ? idle : new TickMessages();
        var published = 0L;
        try
        {
            foreach (var record in records)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Read(messages, record);
                await publisher.PublishAsync(messages.Batch);
                published += messages.Batch.Count;
            }
        }
        finally
        {
            _idleMessages.Add(messages);
        }

        await publisher.ConfirmAsync(generation, cancellationToken);
        metrics.Published(published);
    }

    /// <summary>Logs a problem; a lost connection only at debug level, because the publisher logs it once for all calls.</summary>
    private void OnProblem(int records, int attempt, MessagingException problem)
    {
        if (problem is MessagesNotConfirmedException || !publisher.IsConnected)
        {
            if (attempt == 1)
            {
                logger.PublishingRetried(records, problem.Message);
            }

            return;
        }

        if (_problemLog.Failed(out _) != OutageNotice.None)
        {
            logger.NotPublished(records, problem.Message);
        }
    }

    private void Read(TickMessages messages, ReadOnlyMemory<byte> record)
    {
        try
        {
            if (!messages.Read(record))
            {
                // StoreTicks stores gap records in the table feed_gaps, and reports those that cannot be read.
                metrics.GapSkipped();
            }
        }
        catch (TickBatchFormatException unreadable)
        {
            metrics.Unreadable();
            if (Interlocked.Exchange(ref _unreadableLogged, 1) == 0)
            {
                logger.FirstUnreadable(unreadable.Message);
            }
        }
    }
}
