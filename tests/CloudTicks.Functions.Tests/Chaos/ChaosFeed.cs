using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Functions.Tests.Chaos;

/// <summary>
/// Creates the records of one partition: ticks with ascending times, of which 5 % are repeated and 10 % arrive late, in records of 1 to 60
/// ticks. Repeats go back up to 500 ticks, also into earlier rounds, with another source and receive time, so that a tick's row shows which
/// of the two was stored.
/// </summary>
internal sealed class ChaosFeed(int partition, int seed)
{
    private const double Repeated = 0.05;
    private const double Late = 0.10;
    private const int MostTicksInRecord = 60;
    private const int Memory = 500;

    private readonly Random _random = new(seed);
    private readonly List<ChaosTick> _latest = [];
    private int _made;

    /// <summary>Creates records with the given number of new ticks, one per millisecond starting at the given time.</summary>
    public IReadOnlyList<byte[]> Next(long fromMs, int ticks)
    {
        var records = new List<byte[]>();
        var batch = new TickBatchBuilder(partition, TickSource.Live);
        var room = NextRoom();
        foreach (var tick in InOrderOfArrival(fromMs, ticks))
        {
            Remember(tick);
            batch.Add(tick.ToTick(tick.TimestampMs + 12));
            if (_random.NextDouble() < Repeated)
            {
                Repeat(records, batch);
            }

            if (batch.Count >= room)
            {
                Close(records, batch);
                room = NextRoom();
            }
        }

        Close(records, batch);
        return records;
    }

    private List<ChaosTick> InOrderOfArrival(long fromMs, int ticks)
    {
        var order = new List<(int Place, ChaosTick Tick)>(ticks);
        for (var index = 0; index < ticks; index++)
        {
            var tick = new ChaosTick((partition * 100_000_000) + _made++, fromMs + index);
            order.Add((_random.NextDouble() < Late ? index + _random.Next(1, 100) : index, tick));
        }

        return [.. order.OrderBy(one => one.Place).Select(one => one.Tick)];
    }

    /// <summary>Repeats ticks, either in the same record or in a separate one with the source REST.</summary>
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
        if (_latest.Count < Memory)
        {
            _latest.Add(tick);
        }
        else
        {
            _latest[_random.Next(Memory)] = tick;
        }
    }

    private int NextRoom() => _random.Next(1, MostTicksInRecord + 1);

    private static void Close(List<byte[]> records, TickBatchBuilder batch)
    {
        if (batch.Count > 0)
        {
            records.Add(batch.ToRecord());
            batch.Clear();
        }
    }
}
