using CloudTicks.EventStream.Records;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Relay.Archive;

internal delegate void TickReceiver(scoped in Tick tick);

/// <summary>
/// Reads the feed's ticks (live or backfilled) from records, without repeats among the recent ticks of the partition.
/// </summary>
/// <param name="recentTicks">The minimum number of recent ticks per partition that are checked for repeats.</param>
internal sealed class FeedTicks(int recentTicks, ArchiveFaults faults)
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly Dictionary<int, RecentTicks> _recent = [];
    private readonly TickKeySet _pending = new(1024);
    private TickKey[] _keys = new TickKey[1024];
    private int _count;

    /// <summary>The source of the last record's ticks.</summary>
    public TickSource Source => _reader.Source;

    /// <summary>The number of repeats in the last record.</summary>
    public int Repeats { get; private set; }

    /// <summary>The number of ticks of the last record, without repeats.</summary>
    public int Count => _count;

    /// <summary>The latest time of the last record's ticks, Unix ms, UTC.</summary>
    public long NewestMs { get; private set; }

    /// <summary>Reads a record.</summary>
    /// <param name="receive">Receives the ticks. If the method returns false, they must be discarded.</param>
    /// <returns>
    /// False when the record has no ticks for clients: it describes a gap, is damaged, is neither live nor backfilled, or has no valid tick
    /// that is new.
    /// </returns>
    public bool TryRead(StreamRecord record, TickReceiver receive)
    {
        _pending.Clear();
        (_count, Repeats, NewestMs) = (0, 0, long.MinValue);
        if (GapRecord.IsGap(record.Value.Span))
        {
            return false;
        }

        var recent = RecentOf(record.Origin.Partition);
        try
        {
            _reader.Open(record.Value);
            if (_reader.Partition != record.Origin.Partition)
            {
                throw new TickBatchFormatException(
                    $"The record names partition {_reader.Partition}, but is in partition {record.Origin.Partition}.");
            }

            if (_reader.Source is not (TickSource.Live or TickSource.Backfill))
            {
                return false;
            }

            ReadTicks(record, recent, receive);
        }
        catch (TickBatchFormatException unreadable)
        {
            // Any tick of a damaged record may be invalid, so none is sent.
            faults.Report(ArchiveFaultKind.Record, record.Origin, unreadable.Message);
            _count = 0;
            return false;
        }

        recent.Add(_keys.AsSpan(0, _count));
        return _count > 0;
    }

    /// <summary>
    /// Adds a tick that was not read from the archive to the recent ticks, so that its repeats in the archive are skipped.
    /// </summary>
    public void Remember(int partition, TickKey key) => RecentOf(partition).Add([key]);

    private RecentTicks RecentOf(int partition)
    {
        if (!_recent.TryGetValue(partition, out var recent))
        {
            _recent.Add(partition, recent = new RecentTicks(recentTicks));
        }

        return recent;
    }

    private void ReadTicks(StreamRecord record, RecentTicks recent, TickReceiver receive)
    {
        var tick = default(Tick);
        while (_reader.TryRead(ref tick))
        {
            if (StorableTick.Fault(tick) is { } fault)
            {
                faults.Report(ArchiveFaultKind.Tick, record.Origin, fault);
                continue;
            }

            var key = new TickKey(tick.TimestampMs, TickIdentity.Of(tick));
            if (recent.Contains(key) || !_pending.Add(key))
            {
                Repeats++;
                continue;
            }

            if (_count == _keys.Length)
            {
                Array.Resize(ref _keys, _keys.Length * 2);
            }

            _keys[_count++] = key;
            NewestMs = Math.Max(NewestMs, tick.TimestampMs);
            receive(tick);
        }
    }
}
