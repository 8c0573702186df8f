using CloudTicks.Lake.Manifests;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Lake.Writing;

/// <summary>
/// Archive records that are written to the lake together. The records stay encoded in memory, at a few bytes per tick. They are decoded
/// once to find the hours of their ticks, and again for each hour, so that only one file is open at a time.
/// </summary>
/// <param name="stream">The identity of the stream of the records.</param>
/// <param name="only">The hours whose ticks are written; null for all.</param>
internal sealed class LakeRound(string stream, IReadOnlySet<HourKey>? only = null)
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly SortedDictionary<HourKey, List<int>> _recordsByHour = [];
    private readonly List<RoundRecord> _records = [];
    private readonly HashSet<HourKey> _hours = [];

    /// <summary>The identity of the stream of the records.</summary>
    public string Stream => stream;

    /// <summary>The offsets that the round covers; set after its last record was added.</summary>
    public IReadOnlyList<RoundRange> Ranges { get; set; } = [];

    /// <summary>The size of the round's records, bytes.</summary>
    public long Bytes { get; private set; }

    /// <summary>The number of ticks in the round's records.</summary>
    public long Ticks { get; private set; }

    /// <summary>The number of unreadable records.</summary>
    public long Unreadable { get; private set; }

    /// <summary>The number of ticks that are not stored because no feed can send them.</summary>
    public long Refused { get; private set; }

    /// <summary>Why the first skipped record or tick was skipped.</summary>
    public string? Fault { get; private set; }

    /// <summary>The hours that have ticks, sorted by kind, market and time, so that those of one day follow each other.</summary>
    public IEnumerable<HourKey> Hours => _recordsByHour.Keys;

    /// <summary>Adds a record. Gap records are skipped; unreadable ones are counted and skipped.</summary>
    public void Add(int partition, long offset, ReadOnlyMemory<byte> value)
    {
        if (GapRecord.IsGap(value.Span))
        {
            return;
        }

        var tick = default(Tick);
        var refusedTicks = 0;
        var lastHour = default(HourKey);
        _hours.Clear();
        try
        {
            _reader.Open(value);
            while (_reader.TryRead(ref tick))
            {
                if (StorableTick.Fault(tick) is { } fault)
                {
                    refusedTicks++;
                    Fault ??= $"a tick of {tick.Symbol} in record {offset} of partition {partition} {fault}";
                }
                else if (!lastHour.Contains(tick))
                {
                    lastHour = HourKey.Of(tick);
                    if (only?.Contains(lastHour) != false)
                    {
                        _hours.Add(lastHour);
                    }
                }
            }
        }
        catch (TickBatchFormatException unreadable)
        {
            Unreadable++;
            Fault ??= $"record {offset} of partition {partition} cannot be read: {unreadable.Message}";
            return;
        }

        Refused += refusedTicks;
        if (_hours.Count == 0 && only is not null)
        {
            return;
        }

        foreach (var hour in _hours)
        {
            if (!_recordsByHour.TryGetValue(hour, out var records))
            {
                _recordsByHour[hour] = records = [];
            }

            records.Add(_records.Count);
        }

        _records.Add(new RoundRecord(partition, offset, value));
        Bytes += value.Length;
        Ticks += _reader.Count;
    }

    /// <summary>Passes the ticks of an hour to a visitor, except those that the day's files already have.</summary>
    /// <returns>The number of ticks passed.</returns>
    public long Visit(HourKey hour, DayManifest manifest, TickVisitor visitor)
    {
        var count = 0L;
        var tick = default(Tick);
        foreach (var number in _recordsByHour[hour])
        {
            var record = _records[number];
            if (record.Offset < manifest.CoveredTo(stream, record.Partition))
            {
                continue;
            }

            _reader.Open(record.Value);
            while (_reader.TryRead(ref tick))
            {
                if (hour.Contains(tick) && (Refused == 0 || StorableTick.Fault(tick) is null))
                {
                    visitor(tick, _reader.Source, record.Partition, record.Offset);
                    count++;
                }
            }
        }

        return count;
    }
}
