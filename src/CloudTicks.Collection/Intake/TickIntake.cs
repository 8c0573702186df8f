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

/// <summary>The one loop from sockets to batches: decodes frames, checks, counts and packs ticks without allocation or lock.</summary>
internal sealed class TickIntake(
    FrameQueue frames, WantedChannels wanted, TickCheck check, TickBatcher batcher, RejectedElements rejected, CollectorCounters counters,
    CollectorMetrics metrics, TimeProvider time, ILogger logger)
{
    private const int MostRawBytesLogged = 200;

    /// <summary>
    /// While the batcher waits for its clock, frames gather up to this many bytes: a tick that is decoded sooner is not sent sooner, and
    /// a wake-up for each frame would cost more than its ticks.
    /// </summary>
    private const long GatheredBytes = 64 << 10;

    private readonly SymbolDictionary _symbols = new();
    private readonly Dictionary<Market, FrameReader> _readers = [];
    private long _newestTickMs;
    private volatile bool _completing;

    /// <summary>Lets <see cref="RunAsync"/> end once everything received is in the event hub. No frame may be queued any more.</summary>
    public void Complete()
    {
        _completing = true;
        frames.Wake();
    }

    /// <summary>Runs until <see cref="Complete"/>.</summary>
    /// <param name="cancellationToken">Ends it at once; what is not acknowledged then may be lost.</param>
    /// <exception cref="EventStream.EventStreamException">The event hub refused a record.</exception>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await using var linger = time.CreateTimer(_ => frames.Wake(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        while (true)
        {
            var completing = _completing;
            await TakeWaitingAsync(cancellationToken);

            if (completing)
            {
                await batcher.DrainAsync(cancellationToken);
                await rejected.DrainAsync(cancellationToken);
                return;
            }

            var next = await batcher.SendAsync(cancellationToken);
            if (next is { } wait)
            {
                // Timers count whole milliseconds; a shorter wait would be none.
                linger.Change(TimeSpan.FromMilliseconds(Math.Ceiling(wait.TotalMilliseconds)), Timeout.InfiniteTimeSpan);
            }

            await frames.WaitAsync(next <= TickBatcher.SparseClock ? GatheredBytes : 1, cancellationToken);
        }
    }

    /// <summary>
    /// Takes all frames that wait before the clock's records are sent: those behind the first would wait for the next round. While frames
    /// come faster than they are decoded the clock still goes on.
    /// </summary>
    private async ValueTask TakeWaitingAsync(CancellationToken cancellationToken)
    {
        var sentAt = time.GetTimestamp();
        while (frames.TryRead(out var frame))
        {
            await TakeAsync(frame, cancellationToken);
            if (time.GetElapsedTime(sentAt) < TickBatcher.Clock)
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

    private async ValueTask TakeAsync(ReceivedFrame frame, CancellationToken cancellationToken)
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

    /// <summary>Reads on in the frame, to its end or until rejected elements must be sent: a tick cannot live across an await.</summary>
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
                        LeaveOut(tick, frame.Market);
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
                        FirstOtherEvent(reader, frame.Market);
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

    /// <param name="activity">That of its symbol, null before the first accepted tick: strangers have none.</param>
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
        counters.TickAccepted(tick.Flags, tick.TimestampMs, tick.ReceivedMs);
        batcher.Add(activity.Partition, tick);
    }

    private void LeaveOut(scoped in Tick tick, Market market)
    {
        if (counters.TickLeftOut())
        {
            logger.FirstUnselected(tick.Kind, tick.Symbol, market);
        }
    }

    private void Reject(FrameReader reader, TickRejection reason, Market market, ulong? identity)
    {
        if (counters.ElementRejected(reason, rejected.Add(reader.Element, reason, identity)))
        {
            var raw = Encoding.UTF8.GetString(reader.Element[..Math.Min(reader.Element.Length, MostRawBytesLogged)]);
            logger.FirstRejected(reason.Name(), market, raw);
        }
    }

    private void FirstOtherEvent(FrameReader reader, Market market)
    {
        var type = Encoding.UTF8.GetString(reader.EventType.Span);
        logger.FirstOtherEvent(type, market);
    }
}
