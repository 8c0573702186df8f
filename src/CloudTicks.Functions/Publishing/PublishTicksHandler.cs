using System.Collections.Concurrent;
using CloudTicks.Foundations;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Publishing;

/// <summary>Publishes the ticks of records on <c>ticks.{symbol}</c>, one message a tick.</summary>
/// <param name="logger">Told of attempts that failed, and of the first record that cannot be read.</param>
public sealed class PublishTicksHandler(
    NatsPublisher publisher, PublishTicksMetrics metrics, TimeProvider time, ILogger<PublishTicksHandler> logger)
{
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(200);

    /// <summary>As many as there are calls that publish at the same time; those that wait for the server need none.</summary>
    private readonly ConcurrentBag<TickMessages> _idle = [];

    // Never ended: that one call succeeds says nothing about the others.
    private readonly OutageLog _problems = new(time);
    private int _unreadableLogged;

    /// <summary>
    /// Publishes; when it completes, the server has every message. It does not end before, whatever becomes of the connection, as a host
    /// may checkpoint a failed batch, and what was not published then would never be. A record that cannot be read is counted and
    /// skipped: StoreTicks sends it to the dead letters. Records that tell of gaps are skipped, too.
    /// </summary>
    /// <param name="records">Records of one partition, in their order.</param>
    /// <param name="cancellationToken">Ends the attempts; all records must be delivered again.</param>
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
                await Task.Delay(BetweenAttempts, time, cancellationToken);
            }
        }
    }

    /// <exception cref="MessagingException">The connection was lost before the server confirmed the messages.</exception>
    private async Task PublishOnceAsync(IReadOnlyList<ReadOnlyMemory<byte>> records, CancellationToken cancellationToken)
    {
        await publisher.WaitUntilConnectedAsync(cancellationToken);
        // Before the first message: only a confirmation on this very connection counts.
        var generation = publisher.Generation;
        var messages = _idle.TryTake(out var idle) ? idle : new TickMessages();
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
            _idle.Add(messages);
        }

        await publisher.ConfirmAsync(generation, cancellationToken);
        metrics.Published(published);
    }

    /// <summary>The publisher logs a lost connection, once for all calls; anything else is logged here.</summary>
    private void OnProblem(int records, int attempt, MessagingException problem)
    {
        if (problem is MessagesNotConfirmedException || !publisher.IsConnected)
        {
            if (attempt == 1)
            {
                logger.PublishedAgain(records, problem.Message);
            }

            return;
        }

        if (_problems.Failed(out _) != OutageNotice.None)
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
                // For the table feed_gaps; whether it can be read is StoreTicks' to say.
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
