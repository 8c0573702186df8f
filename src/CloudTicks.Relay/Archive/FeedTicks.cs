using CloudTicks.EventStream.Records;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Relay.Archive;

internal delegate void TickReceiver(scoped in Tick tick);

/// <summary>
/// Reads records of the archive for clients: the ticks of the feed, live or fetched back, each once among the latest of its partition.
/// </summary>
/// <param name="recentTicks">Ticks of each partition among which repeats are found, at least.</param>
internal sealed class FeedTicks(int recentTicks, ArchiveFaults faults)
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly Dictionary<int, RecentTicks> _recent = [];
    private readonly TickKeySet _pending = new(1024);
    private TickKey[] _keys = new TickKey[1024];
    private int _count;

    /// <summary>Which way the ticks of the last record came.</summary>
    public TickSource Source => _reader.Source;

    /// <summary>Ticks of the last record that came before.</summary>
    public int Repeats { get; private set; }

    /// <summary>Ticks of the last record that were received.</summary>
    public int Count => _count;

    /// <summary>The largest time of the last record's ticks.</summary>
    public long NewestMs { get; private set; }

    /// <summary>Reads a record.</summary>
    /// <param name="receive">Receives its ticks, which count only when the record turns out to be whole.</param>
    /// <returns>False when it has no ticks for clients: a record of gaps, replayed or entered by hand, of repeats, or damaged.</returns>
    public bool TryRead(StreamRecord record, TickReceiver receive)
    {
        _pending.Clear();
        (_count, Repeats, NewestMs) = (0, 0, long.MinValue);
        if (GapRecord.IsGap(record.Value.Span))
        {
            return false;
        }

        if (!_recent.TryGetValue(record.Origin.Partition, out var recent))
        {
            _recent.Add(record.Origin.Partition, recent = new RecentTicks(recentTicks));
        }

        try
        {
            _reader.Open(record.Value);
            if (_reader.Partition != record.Origin.Partition)
            {
                throw new TickBatchFormatException($"The record names partition {_reader.Partition}.");
            }

            if (_reader.Source is not (TickSource.Live or TickSource.Backfill))
            {
                return false;
            }

            ReadTicks(record, recent, receive);
        }
        catch (TickBatchFormatException unreadable)
        {
            // Which of its ticks can be believed is unknown, so none is.
            faults.Report(ArchiveFaultKind.Record, record.Origin, unreadable.Message);
            _count = 0;
            return false;
        }

        recent.Add(_keys.AsSpan(0, _count));
        return _count > 0;
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
