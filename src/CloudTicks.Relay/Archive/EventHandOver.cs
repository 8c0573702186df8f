using CloudTicks.EventStream.Records;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>Encodes the ticks of records, each once, and hands them to the subscribers of their channels, in the turn of those.</summary>
internal sealed class EventHandOver
{
    /// <summary>Ticks of each partition among which repeats are found.</summary>
    private const int RecentTicks = 16_384;

    private readonly LiveChannels _channels;
    private readonly ArchiveMetrics _metrics;
    private readonly FeedTicks _ticks;
    private readonly TickReceiver _append;
    private readonly RecordEvents _events = new();
    private long _leadMs;

    public EventHandOver(LiveChannels channels, ArchiveFaults faults, ArchiveMetrics metrics)
    {
        (_channels, _metrics) = (channels, metrics);
        _ticks = new FeedTicks(RecentTicks, faults);
        _append = Append;
    }

    /// <summary>When the newest record was written, Unix ms, UTC; null while there was none.</summary>
    public long? NewestRecordMs { get; private set; }

    /// <summary>How far a tick's time was behind that of its record, at most; zero when it never was.</summary>
    public long LeadMs => Volatile.Read(ref _leadMs);

    /// <summary>The archive is read from elsewhere on: what was written before is no measure any more.</summary>
    public void Restart() => NewestRecordMs = null;

    /// <param name="isLive">False for records that are read only so that repeats of their ticks are known.</param>
    public void HandOn(StreamRecord record, bool isLive)
    {
        var isWhole = _ticks.TryRead(record, isLive ? _append : Ignore);
        if (isWhole)
        {
            _events.HandOver();
        }
        else
        {
            _events.Clear();
        }

        _metrics.Read(_ticks.Count, _ticks.Repeats);
        if (isWhole)
        {
            var writtenMs = record.Timestamp.ToUnixTimeMilliseconds();
            NewestRecordMs = writtenMs;
            Volatile.Write(ref _leadMs, Math.Max(_leadMs, _ticks.NewestMs - writtenMs));
        }
    }

    private static void Ignore(scoped in Tick tick)
    {
        // Its identity is all that is needed.
    }

    private void Append(scoped in Tick tick)
    {
        if (_channels.Find(tick.Symbol, tick.Kind) is { } channel)
        {
            _events.Add(channel, tick);
        }
    }
}
