using CloudTicks.EventStream.Records;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Encodes each tick of the records once and delivers it to the subscribers of its channel. The caller holds
/// <see cref="LiveChannels.DeliveryLock"/>.
/// </summary>
internal sealed class EventDelivery
{
    /// <summary>The number of recent ticks per partition that are checked for repeats.</summary>
    private const int RecentTicks = 16_384;

    private readonly LiveChannels _channels;
    private readonly ArchiveMetrics _metrics;
    private readonly FeedTicks _ticks;
    private readonly TickReceiver _append;
    private readonly RecordEvents _events = new();
    private long _leadMs;

    public EventDelivery(LiveChannels channels, ArchiveFaults faults, ArchiveMetrics metrics)
    {
        (_channels, _metrics) = (channels, metrics);
        _ticks = new FeedTicks(RecentTicks, faults);
        _append = Append;
    }

    /// <summary>The time of the last record with ticks for clients, Unix ms, UTC; null if no such record was read.</summary>
    public long? NewestRecordMs { get; private set; }

    /// <summary>The maximum by which the time of a tick was later than the time of its record, ms; zero when no tick was later.</summary>
    public long LeadMs => Volatile.Read(ref _leadMs);

    /// <summary>Clears <see cref="NewestRecordMs"/>; called when reading continues at another position.</summary>
    public void Restart() => NewestRecordMs = null;

    /// <param name="isLive">False for records that are read only to recognize repeats of their ticks later.</param>
    public void Deliver(StreamRecord record, bool isLive)
    {
        var hasTicks = _ticks.TryRead(record, isLive ? _append : Ignore);
        if (hasTicks)
        {
            _events.Deliver();
        }
        else
        {
            _events.Clear();
        }

        _metrics.Read(_ticks.Count, _ticks.Repeats);
        if (hasTicks)
        {
            var writtenMs = record.Timestamp.ToUnixTimeMilliseconds();
            NewestRecordMs = writtenMs;
            Volatile.Write(ref _leadMs, Math.Max(_leadMs, _ticks.NewestMs - writtenMs));
        }
    }

    private static void Ignore(scoped in Tick tick)
    {
        // The record is read only for the identities of its ticks.
    }

    private void Append(scoped in Tick tick)
    {
        if (_channels.Find(tick.Symbol, tick.Kind) is { } channel)
        {
            _events.Add(channel, tick);
        }
    }
}
