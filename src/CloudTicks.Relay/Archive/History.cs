using CloudTicks.EventStream.Consuming;
using CloudTicks.EventStream.Records;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Reads the archive for one client in rounds, and sends the events that the client's filter selects. It also sends the selected events of
/// the lake.
/// </summary>
internal sealed class History
{
    /// <summary>The size at which a run of events is sent, in bytes.</summary>
    public const int RunBytes = 64 * 1024;

    /// <summary>The maximum size of live events that are buffered during the last round, in bytes.</summary>
    public const int JoinBytes = 16 << 20;

    /// <summary>
    /// The size of the read-ahead buffer. It is large, because librdkafka stops fetching for a second whenever the buffer is full.
    /// </summary>
    public static readonly ReadAhead ReadAhead = new(32 << 20, 1 << 20);

    /// <summary>The number of recent ticks per partition that are checked for repeats.</summary>
    private const int RecentTicks = 2048;

    /// <summary>
    /// When at most this many records remain, the next round is the last one. The round after a short round is also the last.
    /// </summary>
    private const int MaxLastRoundRecords = 256;

    /// <summary>
    /// The maximum number of rounds. Each round is shorter than the previous one unless the machine is overloaded; the last round may then
    /// be long.
    /// </summary>
    private const int MaxRounds = 10;

    private static readonly TimeSpan ShortRound = TimeSpan.FromSeconds(1);

    private readonly IEventSubscriber _client;
    private readonly HistoryFilter _filter;
    private readonly ArchiveMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly FeedTicks _ticks;
    private readonly MergedRecords _records;
    private readonly EventRun _run = new();
    private readonly TickReceiver _append;
    private readonly Dictionary<int, long?> _beginnings = [];
    private long _archivedMs;
    private bool _reachesBack;
    private TimeSpan _lastRound = TimeSpan.MaxValue;
    private int _rounds;

    public History(
        IEventSubscriber client, RangeReader reader, HistoryFilter filter, ArchiveFaults faults, ArchiveMetrics metrics, TimeProvider time)
    {
        (_client, _filter, _metrics, _time) = (client, filter, metrics, time);
        _ticks = new FeedTicks(RecentTicks, faults);
        _records = new MergedRecords(reader);
        _append = Append;
    }

    /// <summary>The number of events sent.</summary>
    public long Events { get; private set; }

    /// <summary>Adds a partition that is read from a position, to determine where the history begins.</summary>
    public void Begin(PartitionWatermarks partition, long position)
    {
        if (position > partition.Low)
        {
            _reachesBack = true;
        }
        else if (partition.High > partition.Low)
        {
            _beginnings.Add(partition.Partition, null);
        }
    }

    /// <summary>
    /// Returns the number of events sent, and the time at which the history begins if it is later than the requested time.
    /// </summary>
    /// <param name="lakeMs">The time at which the lake begins, Unix ms, UTC; null if the lake was not read.</param>
    public CatchUpResult ResultSince(long sinceMs, long? lakeMs)
    {
        var archiveMs = _beginnings.Values.Min();
        var beginMs = archiveMs is null || lakeMs < archiveMs ? lakeMs : archiveMs;
        return new CatchUpResult(Events, !_reachesBack && beginMs > sinceMs ? beginMs : null, IsFromLake: beginMs == lakeMs);
    }

    /// <summary>Whether the next round is the last one, which reaches the tail.</summary>
    public bool IsLastRound(Dictionary<int, long> positions, long[] target) =>
        _lastRound < ShortRound || _rounds >= MaxRounds
        || positions.Sum(position => Math.Max(0, TargetOf(target, position) - position.Value)) <= MaxLastRoundRecords;

    /// <summary>Sends the events between the positions and a target, and advances the positions.</summary>
    public async Task SendAsync(Dictionary<int, long> positions, long[] target, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        var ranges = positions.Select(position => new OffsetRange(position.Key, position.Value, TargetOf(target, position))).ToArray();
        try
        {
            await foreach (var record in _records.ReadAsync(ranges, cancellationToken))
            {
                Add(record);
                if (_run.Length >= RunBytes)
                {
                    await SendAsync(_run, cancellationToken);
                }
            }

            await SendAsync(_run, cancellationToken);
        }
        finally
        {
            _run.Clear();
        }

        foreach (var range in ranges)
        {
            positions[range.Partition] = Math.Max(range.From, range.To);
        }

        (_lastRound, _rounds) = (_time.GetElapsedTime(started), _rounds + 1);
    }

    /// <summary>Reads the oldest record of partitions.</summary>
    /// <returns>By partition, the time at which the record was written, Unix ms, UTC; empty partitions are absent.</returns>
    public async Task<Dictionary<int, long>> ReadOldestAsync(
        IEnumerable<PartitionWatermarks> partitions, CancellationToken cancellationToken)
    {
        var times = new Dictionary<int, long>();
        var ranges = partitions.Where(one => one.Low < one.High)
            .Select(one => new OffsetRange(one.Partition, one.Low, one.Low + 1)).ToArray();
        await foreach (var record in _records.ReadAsync(ranges, cancellationToken))
        {
            times[record.Origin.Partition] = record.Timestamp.ToUnixTimeMilliseconds();
        }

        return times;
    }

    /// <summary>
    /// Adds a tick of the lake to a run if the filter selects it. The lake does not store when a tick was archived, so its receive time is
    /// used.
    /// </summary>
    public void Select(scoped in Tick tick, TickSource source, ulong identity, int partition, EventRun run)
    {
        if (_filter.IsWanted(tick, source, tick.ReceivedMs))
        {
            _ticks.Remember(partition, new TickKey(tick.TimestampMs, identity));
            run.Add(tick);
        }
    }

    /// <summary>Sends a run of events at the client's pace, and clears it.</summary>
    public async Task SendAsync(EventRun run, CancellationToken cancellationToken)
    {
        if (run.Count == 0)
        {
            return;
        }

        await _client.ReceiveHistoryAsync(run.Events, run.Count, cancellationToken);
        Events += run.Count;
        _metrics.SentHistory(run.Count);
        run.Clear();
    }

    private static long TargetOf(long[] target, KeyValuePair<int, long> position) =>
        position.Key < target.Length ? target[position.Key] : position.Value;

    private void Add(StreamRecord record)
    {
        _archivedMs = record.Timestamp.ToUnixTimeMilliseconds();
        var (length, count) = (_run.Length, _run.Count);
        if (!_ticks.TryRead(record, _append))
        {
            _run.Truncate(length, count);
        }
        else if (_beginnings.TryGetValue(record.Origin.Partition, out var beginning) && beginning is null)
        {
            _beginnings[record.Origin.Partition] = Math.Min(_archivedMs, _ticks.NewestMs);
        }
    }

    private void Append(scoped in Tick tick)
    {
        if (_filter.IsWanted(tick, _ticks.Source, _archivedMs))
        {
            _run.Add(tick);
        }
    }
}
