using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Records;
using CloudTicks.Foundations.Disks;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Spool;

/// <summary>
/// Reports the ticks lost in damaged spool records. The symbols of a lost record are unknown, so a gap is reported for each symbol that
/// occurs in the file's other records or was received in this run. The gap lasts from the symbol's last tick before the damage to its first
/// tick after the damage. All these gaps share one number of missing ticks: the count in the record's header or, if the header is damaged
/// too, one tick per record.
/// </summary>
internal sealed class DamageReport(
    CollectorCounters counters, Action<MissedTicks> reportMissed, Action<int?> reportGapsLost, TimeProvider time, ILogger logger)
{
    /// <summary>Maximum time between the receipt of a tick and its spooling, in ms.</summary>
    private const long MarginMs = 60_000;

    public void Report(SpoolDamage damage)
    {
        counters.Spool.Damaged(damage.Records);
        logger.SpoolDamaged(damage.Records, damage.Path, damage.Partition, damage.Ticks, damage.AfterMs, damage.BeforeMs);
        if (damage.Ticks is null or 0)
        {
            reportGapsLost(damage.Partition);
        }

        if (damage.Ticks == 0)
        {
            // The record contains a gap or a rejected element, and no ticks.
            return;
        }

        var bounds = new Dictionary<(Symbol Symbol, TickKind Kind), (long? From, long? To)>();
        foreach (var (symbol, activity) in counters.Symbols)
        {
            if (damage.Partition is null || damage.Partition == activity.Partition)
            {
                AddIfSeen(bounds, symbol, TickKind.Quote, activity.Quotes);
                AddIfSeen(bounds, symbol, TickKind.Trade, activity.Trades);
            }
        }

        try
        {
            ReadFile(damage, bounds);
        }
        catch (IOException)
        {
            // The file is unreadable: report the received symbols only.
        }

        var to = damage.BeforeMs ?? time.GetUtcNow().ToUnixTimeMilliseconds();
        var from = (damage.AfterMs > 0 ? damage.AfterMs : to) - MarginMs;
        var (count, loss) = (damage.Ticks ?? damage.Records, bounds.Count > 1 ? Guid.CreateVersion7() : (Guid?)null);
        var detail = $"{(damage.Ticks is null ? "At least " : "")}{count} ticks in {damage.Records} damaged records of the spool"
            + (loss is null ? "." : $"; they belong to some of {bounds.Count} possible symbols and kinds.");
        foreach (var ((symbol, kind), bound) in bounds)
        {
            var firstMs = bound.From ?? from;
            reportMissed(new MissedTicks(
                Guid.NewGuid(), symbol, kind, firstMs, Math.Max(bound.To ?? to, firstMs), MissedTicks.SpoolDamaged, count, detail, loss));
        }
    }

    private static void AddIfSeen(
        Dictionary<(Symbol Symbol, TickKind Kind), (long? From, long? To)> bounds, Symbol symbol, TickKind kind, KindActivity activity)
    {
        if (activity.LastReceivedMs is not null)
        {
            bounds.TryAdd((symbol, kind), default);
        }
    }

    private static void ReadFile(SpoolDamage damage, Dictionary<(Symbol Symbol, TickKind Kind), (long? From, long? To)> bounds)
    {
        var batchReader = new TickBatchReader(new SymbolDictionary());
        using var reader = new SegmentReader(new Disk(), damage.Path, 0);
        while (reader.TryRead(long.MaxValue, out var frame, out var value))
        {
            if (frame.Content == RecordContent.Ticks && (damage.Partition is null || frame.Partition == damage.Partition))
            {
                ReadTicks(batchReader, value.ToArray(), frame.Sequence < damage.FirstSequence, bounds);
            }
        }
    }

    private static void ReadTicks(
        TickBatchReader reader, byte[] record, bool isBefore, Dictionary<(Symbol Symbol, TickKind Kind), (long? From, long? To)> bounds)
    {
        try
        {
            reader.Open(record);
            Tick tick = default;
            while (reader.TryRead(ref tick))
            {
                var bound = bounds.GetValueOrDefault((tick.Symbol, tick.Kind));
                bounds[(tick.Symbol, tick.Kind)] = isBefore ? (tick.TimestampMs, bound.To) : (bound.From, bound.To ?? tick.TimestampMs);
            }
        }
        catch (TickBatchFormatException)
        {
            // The checksum is correct, so the record was already invalid when it was written. The reader of the archive reports it.
        }
    }
}
