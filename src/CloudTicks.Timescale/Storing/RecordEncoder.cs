using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Timescale.Storing;

/// <summary>
/// Encodes a partition's records as rows and gaps, and buffers these until they are committed or dropped. Omits expired, repeated and
/// invalid ticks.
/// </summary>
internal sealed class RecordEncoder(int partition, int recentTicks)
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly CopyRows _rows = new();
    private readonly RecentTicks _recent = new(recentTicks);
    private readonly TickKeySet _pending = new(1024);
    private readonly List<FeedGap> _gaps = [];
    private readonly List<long> _gapOffsets = [];
    private readonly RefusedTicks _refused = new(partition);
    private readonly Dictionary<TickKey, string> _refusedKeys = [];
    private readonly Dictionary<long, string> _refusedGaps = [];
    private TickKey[] _keys = new TickKey[1024];

    public ReadOnlyMemory<byte> Rows => _rows.Written;

    public int RowCount { get; private set; }

    /// <summary>The states of gaps in the records, in order.</summary>
    public IReadOnlyList<FeedGap> Gaps => _gaps;

    /// <summary>The newest time of the rows, Unix ms, UTC.</summary>
    public long NewestMs { get; private set; } = long.MinValue;

    public int Repeated { get; private set; }

    public int Expired { get; private set; }

    /// <param name="refusals">
    /// Receives the whole record if it cannot be read, or those of its ticks that cannot be stored. The other ticks are encoded.
    /// </param>
    public void Encode(ArchivedRecord record, long oldestMs, List<RefusedRecord> refusals)
    {
        if (GapRecord.IsGap(record.Value.Span))
        {
            EncodeGap(record, refusals);
            return;
        }

        var (rows, bytes, repeated, expired) = (RowCount, _rows.Length, Repeated, Expired);
        try
        {
            _reader.Open(record.Value);
            if (_reader.Partition != partition)
            {
                throw new TickBatchFormatException($"The record names partition {_reader.Partition}, but is in partition {partition}.");
            }

            EncodeTicks(oldestMs);
            _refused.MoveTo(refusals, record.Offset, _reader.Count);
        }
        catch (TickBatchFormatException unreadable)
        {
            // No tick of a damaged record can be trusted.
            _refused.Clear();
            _rows.Truncate(bytes);
            (RowCount, Repeated, Expired) = (rows, repeated, expired);
            _pending.Clear();
            foreach (var key in _keys.AsSpan(0, RowCount))
            {
                _pending.Add(key);
            }

            refusals.Add(new RefusedRecord(record.Offset, record.Value, unreadable.Message, 0));
        }
    }

    /// <summary>Excludes rows and gaps that the database refused, until the next commit.</summary>
    public void Refuse(RowsRefusedException refusal)
    {
        foreach (var (row, reason) in refusal.Rows)
        {
            _refusedKeys[_keys[row]] = reason;
        }

        foreach (var (gap, reason) in refusal.Gaps)
        {
            _refusedGaps[_gapOffsets[gap]] = reason;
        }
    }

    public void Committed()
    {
        _recent.Add(_keys.AsSpan(0, RowCount));
        Drop();
        _refusedKeys.Clear();
        _refusedGaps.Clear();
    }

    public void Drop()
    {
        _rows.Truncate(0);
        _pending.Clear();
        _gaps.Clear();
        _gapOffsets.Clear();
        (RowCount, Repeated, Expired, NewestMs) = (0, 0, 0, long.MinValue);
    }

    /// <summary>Clears the memory of stored ticks, because the database has lost some of them.</summary>
    public void ClearRecent() => _recent.Clear();

    private void EncodeGap(ArchivedRecord record, List<RefusedRecord> refusals)
    {
        if (!GapRecord.TryRead(record.Value, out var gap, out var fault))
        {
            refusals.Add(new RefusedRecord(record.Offset, record.Value, fault, 0));
        }
        else if (_refusedGaps.TryGetValue(record.Offset, out var reason))
        {
            refusals.Add(new RefusedRecord(record.Offset, record.Value, $"The gap {reason}.", 0));
        }
        else
        {
            _gaps.Add(gap);
            _gapOffsets.Add(record.Offset);
        }
    }

    private void EncodeTicks(long oldestMs)
    {
        var tick = default(Tick);
        while (_reader.TryRead(ref tick))
        {
            if (StorableTick.Fault(tick) is { } reason)
            {
                _refused.Add(reason, tick, _reader.Source, _reader.Position - 1);
            }
            else if (tick.TimestampMs < oldestMs)
            {
                Expired++;
            }
            else
            {
                Encode(tick);
            }
        }
    }

    private void Encode(scoped in Tick tick)
    {
        var hash = TickIdentity.Of(tick);
        var key = new TickKey(tick.TimestampMs, hash);
        if (_refusedKeys.Count > 0 && _refusedKeys.TryGetValue(key, out var reason))
        {
            _refused.Add(reason, tick, _reader.Source, _reader.Position - 1);
            return;
        }

        if (_recent.Contains(key) || !_pending.Add(key))
        {
            Repeated++;
            return;
        }

        if (RowCount == _keys.Length)
        {
            Array.Resize(ref _keys, _keys.Length * 2);
        }

        _rows.Add(tick, _reader.Source, hash);
        NewestMs = Math.Max(NewestMs, tick.TimestampMs);
        _keys[RowCount++] = key;
    }
}
