using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;

namespace CloudTicks.Functions.Tests.Chaos;

/// <summary>
/// What one partition gets: ticks of rising time, of which 5 % come twice and 10 % come late, in records of 1 to 60. Repeats reach up to
/// 500 ticks
/// back, into the rounds before too, as another way into the archive with another receive time; so a tick's row tells which of the two made
/// it.
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

    /// <summary>The records of so many new ticks, which are of the milliseconds from a time on, one each.</summary>
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

    /// <summary>In the same record, or in one of its own that was filled in over REST.</summary>
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
