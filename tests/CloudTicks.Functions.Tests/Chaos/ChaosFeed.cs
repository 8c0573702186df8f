using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Functions.Tests.Chaos;

/// <summary>
/// Creates the records of one partition: ticks with ascending times, of which 5 % are repeated and 10 % arrive late, in records of up to
/// 61 ticks. Each repeat is one of 500 remembered ticks, possibly from an earlier round, with another receive time and often another
/// source, so that a tick's row shows whether the first or a repeat was stored.
/// </summary>
internal sealed class ChaosFeed(int partition, int seed)
{
    private const double RepeatProbability = 0.05;
    private const double LateProbability = 0.10;
    private const int MaxTicksInRecord = 60;
    private const int MaxRememberedTicks = 500;

    private readonly Random _random = new(seed);
    private readonly List<ChaosTick> _latest = [];
    private int _tickCount;

    /// <summary>Creates records with the given number of new ticks, one per millisecond starting at the given time.</summary>
    public IReadOnlyList<byte[]> Next(long fromMs, int tickCount)
    {
        var records = new List<byte[]>();
        var batch = new TickBatchBuilder(partition, TickSource.Live);
        var size = NextRecordSize();
        foreach (var tick in TicksInArrivalOrder(fromMs, tickCount))
        {
            Remember(tick);
            batch.Add(tick.ToTick(tick.TimestampMs + 12));
            if (_random.NextDouble() < RepeatProbability)
            {
                Repeat(records, batch);
            }

            if (batch.Count >= size)
            {
                Close(records, batch);
                size = NextRecordSize();
            }
        }

        Close(records, batch);
        return records;
    }

    private List<ChaosTick> TicksInArrivalOrder(long fromMs, int tickCount)
    {
        var positionedTicks = new List<(int Position, ChaosTick Tick)>(tickCount);
        for (var index = 0; index < tickCount; index++)
        {
            var tick = new ChaosTick((partition * 100_000_000) + _tickCount++, fromMs + index);
            positionedTicks.Add((_random.NextDouble() < LateProbability ? index + _random.Next(1, 100) : index, tick));
        }

        return [.. positionedTicks.OrderBy(one => one.Position).Select(one => one.Tick)];
    }

    /// <summary>Repeats a remembered tick, either in the current record or in a separate one with the source backfill.</summary>
    private void Repeat(List<byte[]> records, TickBatchBuilder batch)
    {
        var tick = _latest[_random.Next(_latest.Count)];
        if (_random.Next(2) == 0)
        {
            batch.Add(tick.ToTick(tick.TimestampMs + 13));
            return;
        }

        var backfill = new TickBatchBuilder(partition, TickSource.Backfill);
        backfill.Add(tick.ToTick(tick.TimestampMs + 60_000));
        Close(records, batch);
        Close(records, backfill);
    }

    private void Remember(ChaosTick tick)
    {
        if (_latest.Count < MaxRememberedTicks)
        {
            _latest.Add(tick);
        }
        else
        {
            _latest[_random.Next(MaxRememberedTicks)] = tick;
        }
    }

    private int NextRecordSize() => _random.Next(1, MaxTicksInRecord + 1);

    private static void Close(List<byte[]> records, TickBatchBuilder batch)
    {
        if (batch.Count > 0)
        {
            records.Add(batch.ToRecord());
            batch.Clear();
        }
    }
}
