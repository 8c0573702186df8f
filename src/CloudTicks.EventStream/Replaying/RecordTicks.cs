using System.Globalization;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.EventStream.Replaying;

/// <summary>Takes the wanted ticks out of records. Records are data of strangers: one that is damaged gives none of its ticks.</summary>
internal sealed class RecordTicks(TickSelection selection, TickSorter sorter, ReplayCounts counts, Action<string> refused)
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly Dictionary<Symbol, bool> _isWanted = [];
    private readonly Dictionary<int, long> _numbers = [];

    /// <summary>Takes a record's ticks.</summary>
    /// <returns>The gap that it tells of, when it is a wanted one.</returns>
    public FeedGap? Take(StreamRecord record)
    {
        counts.Feed ??= record.HeaderText(HeaderNames.Feed);
        if (GapRecord.IsGap(record.Value.Span))
        {
            return TakeGap(record);
        }

        try
        {
            Check(record);
            Add(record);
        }
        catch (TickBatchFormatException fault)
        {
            Refuse(record, fault.Message);
        }

        return null;
    }

    private FeedGap? TakeGap(StreamRecord record)
    {
        if (!GapRecord.TryRead(record.Value, out var gap, out var fault))
        {
            Refuse(record, fault);
            return null;
        }

        counts.GapRecords++;
        return IsWanted(gap.Symbol) && gap.FromMs < selection.ToMs && (gap.ToMs ?? long.MaxValue) >= selection.FromMs ? gap : null;
    }

    /// <summary>To its end before the first tick is taken, as StoreTicks does: which of its ticks can be believed is unknown.</summary>
    private void Check(StreamRecord record)
    {
        _reader.Open(record.Value);
        if (_reader.Partition != record.Origin.Partition)
        {
            throw new TickBatchFormatException($"The record names partition {_reader.Partition}, but stands in partition {record.Origin.Partition}.");
        }

        var tick = default(Tick);
        while (_reader.TryRead(ref tick))
        {
        }
    }

    private void Add(StreamRecord record)
    {
        var number = _numbers.GetValueOrDefault(record.Origin.Partition);
        var tick = default(Tick);
        _reader.Open(record.Value);
        while (_reader.TryRead(ref tick))
        {
            if (!selection.Holds(tick.TimestampMs) || !IsWanted(tick.Symbol))
            {
                continue;
            }

            if (TickIdentity.IsDefinedFor(tick.Symbol.Market, tick.Kind))
            {
                sorter.Add(tick, _reader.Source, TickOrder.PlaceOf(record.Origin.Partition, number++));
            }
            else if (++counts.RefusedTicks == 1)
            {
                refused($"A {tick.Kind} of {tick.Symbol} in {Place(record)} is left out: no feed sends such ticks. Further ones are counted.");
            }
        }

        _numbers[record.Origin.Partition] = number;
    }

    private bool IsWanted(Symbol symbol)
    {
        if (!_isWanted.TryGetValue(symbol, out var isWanted))
        {
            _isWanted.Add(symbol, isWanted = selection.Symbols.Takes(symbol));
        }

        return isWanted;
    }

    private void Refuse(StreamRecord record, string fault)
    {
        counts.RefusedRecords++;
        refused($"The record {Place(record)} is left out: {fault}");
    }

    private static string Place(StreamRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"{record.Origin.Topic}/{record.Origin.Partition} at offset {record.Origin.Offset}");
}
