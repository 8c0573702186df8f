using System.Globalization;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Gaps;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Replay.Sorting;

/// <summary>Extracts the selected ticks from records. Records are untrusted: a damaged one yields none of its ticks.</summary>
internal sealed class RecordTicks(TickSelection selection, TickSorter sorter, ReplayCounts counts, Action<string> report)
{
    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly Dictionary<Symbol, bool> _isWanted = [];
    private readonly Dictionary<int, long> _nextNumbers = [];

    /// <summary>Extracts the ticks of a record of the archive.</summary>
    /// <returns>The record's gap, if selected.</returns>
    public FeedGap? Extract(StreamRecord record) =>
        Extract(record.Value, record.HeaderText(HeaderNames.Feed), record.Origin.Partition, () => Location(record));

    /// <summary>
    /// Extracts a record's ticks, and returns its gap if it is selected. The partition is null if it is known only from the record itself.
    /// </summary>
    public FeedGap? Extract(ReadOnlyMemory<byte> value, string? feed, int? partition, Func<string> location)
    {
        counts.Feed ??= feed;
        if (GapRecord.IsGap(value.Span))
        {
            return ReadGap(value, location);
        }

        try
        {
            Check(value, partition);
            Add(value, location);
        }
        catch (TickBatchFormatException fault)
        {
            Refuse(location, fault.Message);
        }

        return null;
    }

    private FeedGap? ReadGap(ReadOnlyMemory<byte> value, Func<string> location)
    {
        if (!GapRecord.TryRead(value, out var gap, out var fault))
        {
            Refuse(location, fault);
            return null;
        }

        counts.GapRecords++;
        return IsWanted(gap.Symbol) && gap.FromMs < selection.ToMs && (gap.ToMs ?? long.MaxValue) >= selection.FromMs ? gap : null;
    }

    /// <summary>
    /// Checks the whole record before its first tick is used, as StoreTicks does, because in an invalid record no tick can be trusted.
    /// </summary>
    private void Check(ReadOnlyMemory<byte> value, int? partition)
    {
        _reader.Open(value);
        if (partition is { } actual && _reader.Partition != actual)
        {
            throw new TickBatchFormatException($"The record names partition {_reader.Partition}, but is in partition {actual}.");
        }

        var tick = default(Tick);
        while (_reader.TryRead(ref tick))
        {
        }
    }

    private void Add(ReadOnlyMemory<byte> value, Func<string> location)
    {
        var tick = default(Tick);
        _reader.Open(value);
        var partition = _reader.Partition;
        var number = _nextNumbers.GetValueOrDefault(partition);
        while (_reader.TryRead(ref tick))
        {
            if (!selection.Contains(tick.TimestampMs) || !IsWanted(tick.Symbol))
            {
                continue;
            }

            if (TickIdentity.IsDefinedFor(tick.Symbol.Market, tick.Kind))
            {
                sorter.Add(tick, _reader.Source, TickOrder.PositionOf(partition, number++));
            }
            else if (++counts.RefusedTicks == 1)
            {
                report(
                    $"A {tick.Kind} of {tick.Symbol} in the record {location()} is skipped: no feed sends such ticks. Further ones are "
                        + "only counted.");
            }
        }

        _nextNumbers[partition] = number;
    }

    private bool IsWanted(Symbol symbol)
    {
        if (!_isWanted.TryGetValue(symbol, out var isWanted))
        {
            _isWanted.Add(symbol, isWanted = selection.Symbols.Matches(symbol));
        }

        return isWanted;
    }

    private void Refuse(Func<string> location, string fault)
    {
        counts.RefusedRecords++;
        report($"The record {location()} is skipped: {fault}");
    }

    private static string Location(StreamRecord record) =>
        string.Create(CultureInfo.InvariantCulture, $"{record.Origin.Topic}/{record.Origin.Partition} at offset {record.Origin.Offset}");
}
