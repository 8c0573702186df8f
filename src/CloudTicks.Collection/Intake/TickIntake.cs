using System.Text;
using CloudTicks.Collection.Batching;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Subscriptions;
using CloudTicks.Polygon.Frames;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Identity;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Intake;

/// <summary>The single loop from frames to batches: decodes, checks, counts and packs ticks without allocation or lock.</summary>
internal sealed class TickIntake(
    FrameQueue frames, WantedChannels wanted, TickCheck check, TickBatcher batcher, RejectedElements rejected, CollectorCounters counters,
    CollectorMetrics metrics, TimeProvider time, ILogger logger)
{
    private const int MaxRawBytesLogged = 200;

    /// <summary>
    /// How many bytes of frames are gathered while the batcher waits for its next round: decoding a tick sooner does not send it sooner,
    /// and a wake-up per frame would cost more than the decoding.
    /// </summary>
    private const long MaxGatheredBytes = 64 << 10;

    private readonly SymbolDictionary _symbols = new();
    private readonly Dictionary<Market, FrameReader> _readers = [];
    private long _newestTickMs;
    private volatile bool _isCompleting;

    /// <summary>Ends <see cref="RunAsync"/> once everything received is acknowledged or on disk. No frame may be queued later.</summary>
    public void Complete()
    {
        _isCompleting = true;
        frames.Wake();
    }

    /// <summary>Runs until <see cref="Complete"/>.</summary>
    /// <param name="cancellationToken">Ends the loop immediately; unacknowledged ticks may be lost.</param>
    /// <exception cref="EventStream.EventStreamException">The event hub refused a record.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var lingerTimer = time.CreateTimer(_ => frames.Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (true)
        {
            var isCompleting = _isCompleting;
            await DecodeQueuedAsync(cancellationToken);

            if (isCompleting)
            {
                await batcher.DrainAsync(cancellationToken);
                await rejected.DrainAsync(cancellationToken);
                return;
            }

            var untilNextRound = await batcher.SendAsync(cancellationToken);
            if (untilNextRound is { } wait)
            {
                // Timers truncate to whole milliseconds.
                lingerTimer.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
            }

            await frames.WaitAsync(untilNextRound <= TickBatcher.SparseRoundInterval ? MaxGatheredBytes : 1, cancellationToken);
        }
    }

    /// <summary>
    /// Decodes all queued frames before a round of records is sent; otherwise their ticks would wait for the next round. When frames arrive
    /// faster than they are decoded, rounds are still sent on time.
    /// </summary>
    private async ValueTask DecodeQueuedAsync(CancellationToken cancellationToken)
    {
        var sentAt = time.GetTimestamp();
        while (frames.TryRead(out var frame))
        {
            await DecodeAsync(frame, cancellationToken);
            if (time.GetElapsedTime(sentAt) < TickBatcher.RoundInterval)
            {
                await batcher.SendFullAsync(cancellationToken);
            }
            else
            {
                await batcher.SendAsync(cancellationToken);
                sentAt = time.GetTimestamp();
            }
        }
    }

    private async ValueTask DecodeAsync(ReceivedFrame frame, CancellationToken cancellationToken)
    {
        try
        {
            if (!_readers.TryGetValue(frame.Market, out var reader))
            {
                _readers.Add(frame.Market, reader = new FrameReader(frame.Market, _symbols));
            }

            reader.Open(frame.Bytes, frame.ReceivedMs);
            bool isEnd;
            do
            {
                isEnd = ReadElements(reader, frame);
                await rejected.SendAsync(cancellationToken);
            }
            while (!isEnd);

            if (_newestTickMs != 0)
            {
                metrics.FrameDecoded(frame.Market, frame.ReceivedMs - _newestTickMs);
            }
        }
        finally
        {
            _newestTickMs = 0;
            frame.Return();
        }
    }

    /// <summary>
    /// Reads until the end of the frame, or until rejected elements must be sent. Returns before they are sent, because a tick cannot be
    /// kept across an await.
    /// </summary>
    private bool ReadElements(FrameReader reader, ReceivedFrame frame)
    {
        Tick tick = default;
        while (true)
        {
            switch (reader.Read(ref tick))
            {
                case ElementKind.End:
                    return true;
                case ElementKind.Tick:
                    if (!IsSelected(tick, out var activity))
                    {
                        Drop(tick, frame.Market);
                        break;
                    }

                    var reason = check.Check(ref tick);
                    var identity = TickIdentity.Of(tick);
                    if (reason != TickRejection.None)
                    {
                        Reject(reader, reason, frame.Market, identity);
                    }
                    else
                    {
                        Accept(tick, identity, activity);
                    }

                    break;
                case ElementKind.Rejected:
                    Reject(reader, reader.Rejection, frame.Market, null);
                    break;
                case ElementKind.OtherEvent:
                    if (counters.OtherEvents.Add(reader.EventType.Span))
                    {
                        LogFirstOtherEvent(reader, frame.Market);
                    }

                    break;
                default:
                    break;
            }

            if (rejected.IsFull)
            {
                return false;
            }
        }
    }

    /// <param name="activity">The activity of the symbol; null before its first accepted tick.</param>
    private bool IsSelected(scoped in Tick tick, out SymbolActivity? activity)
    {
        var channels = wanted.Accepted;
        return counters.Symbols.TryGetValue(tick.Symbol, out activity)
            ? activity.Of(tick.Kind).Accepts(channels, tick)
            : tick.ReceivedMs <= channels.UntilMs(tick.Symbol, tick.Kind);
    }

    private void Accept(scoped in Tick tick, ulong identity, SymbolActivity? activity)
    {
        activity ??= counters.Symbols.GetOrAdd(tick.Symbol, new SymbolActivity(tick.Symbol.PartitionOf(batcher.Partitions)));
        activity.Add(identity, tick);
        _newestTickMs = Math.Max(_newestTickMs, tick.TimestampMs);
        batcher.Add(activity.Partition, tick);
        // Count the tick last, so that a reader that sees it as received also sees whether the batcher dropped it.
        counters.TickAccepted(tick.Flags, tick.TimestampMs, tick.ReceivedMs);
    }

    private void Drop(scoped in Tick tick, Market market)
    {
        if (counters.TickUnselected())
        {
            logger.FirstUnselected(tick.Kind, tick.Symbol, market);
        }
    }

    private void Reject(FrameReader reader, TickRejection reason, Market market, ulong? identity)
    {
        if (counters.ElementRejected(reason, rejected.Add(reader.Element, reason, identity)))
        {
            var raw = Encoding.UTF8.GetString(reader.Element[..Math.Min(reader.Element.Length, MaxRawBytesLogged)]);
            logger.FirstRejected(reason.Name(), market, raw);
        }
    }

    private void LogFirstOtherEvent(FrameReader reader, Market market)
    {
        var type = Encoding.UTF8.GetString(reader.EventType.Span);
        logger.FirstOtherEvent(type, market);
    }
}
