using CloudTicks.Collection.Batching;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.Collection.Tests.Delivery;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.Batching;

public sealed class TickSheddingTests : IDisposable
{
    private const int Partitions = 4;
    private const long MaxBytes = 16 << 20;

    private readonly TemporaryFolder _folder = new();
    private readonly List<MissedTicks> _missed = [];
    private readonly CollectorCounters _counters = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Conflate_keeps_last_quote_per_second_and_all_trades()
    {
        var shedding = new TickShedding(_counters.Spool, _missed.Add);
        List<string> kept = [];

        Offer(shedding, SpoolPressure.None, TickKind.Quote, 500, kept);
        foreach (var at in (long[])[1_000, 1_100, 1_900, 2_000])
        {
            Offer(shedding, SpoolPressure.Conflate, TickKind.Quote, at, kept);
            Offer(shedding, SpoolPressure.Conflate, TickKind.Trade, at, kept);
        }

        Offer(shedding, SpoolPressure.None, TickKind.Quote, 2_500, kept);
        Release(shedding, kept);
        Offer(shedding, SpoolPressure.None, TickKind.Quote, 2_600, kept);

        kept.ShouldBe(
            ["Quote 500", "Trade 1000", "Trade 1100", "Trade 1900", "Quote 1900", "Trade 2000", "Quote 2000", "Quote 2500", "Quote 2600"]);
        _counters.Spool.ConflatedTicks.ShouldBe(2);
        shedding.IsActive.ShouldBeFalse();
        _missed.Count.ShouldBe(2);
        _missed[0].ShouldBe(new MissedTicks(_missed[0].Id, Symbol(1), TickKind.Quote, 1_000, null, "conflated", 1));
        _missed[1].ShouldBe(new MissedTicks(_missed[0].Id, Symbol(1), TickKind.Quote, 1_000, 1_100, "conflated", 1, "2 ticks"));
    }

    [Fact]
    public void Refuse_drops_all_and_reports_one_interval_per_kind()
    {
        var shedding = new TickShedding(_counters.Spool, _missed.Add);
        List<string> kept = [];

        for (var at = 1_000; at < 1_010; at++)
        {
            Offer(shedding, SpoolPressure.Refuse, TickKind.Quote, at, kept);
            Offer(shedding, SpoolPressure.Refuse, TickKind.Trade, at + 5, kept);
        }

        Offer(shedding, SpoolPressure.Conflate, TickKind.Trade, 2_000, kept);

        kept.ShouldBe(["Trade 2000"]);
        _counters.Spool.RefusedTicks.ShouldBe(20);
        _missed.Where(missed => missed.ToMs is not null)
            .Select(missed => (missed.Kind, missed.FromMs, missed.ToMs, missed.Cause, missed.Detail)).ShouldBe(
            [(TickKind.Quote, 1_000, 1_009, "spool_full", "10 ticks"), (TickKind.Trade, 1_005, 1_014, "spool_full", "10 ticks")],
            ignoreOrder: true);
    }

    [Fact]
    public void HeldQuote_released_keeps_all_fields()
    {
        var quote = new Tick
        {
            Symbol = Symbol(1),
            Kind = TickKind.Quote,
            Fields = TickFields.All & ~TickFields.TradeId,
            Flags = TickFlags.Crossed,
            TimestampMs = 1,
            ReceivedMs = 2,
            Bid = Price.Create(3, 1),
            Ask = Price.Create(4, 2),
            BidSize = Price.Create(5, 0),
            AskSize = Price.Create(6, 0),
            Price = default,
            Exchange = 7,
            BidExchange = 8,
            AskExchange = 9,
            Tape = 1,
            Sequence = 10,
            Conditions = [11, 12],
            Indicators = [13],
            ParticipantMs = 14,
            TrfId = 15,
            TrfMs = 16,
            VendorReceivedMs = 17,
        };
        var held = new HeldQuote(quote.Symbol, 0);
        held.Hold(quote, 0);

        Packed(held.Release()).ShouldBe(Packed(quote));
    }

    [Fact]
    public void Admit_known_symbol_allocates_nothing()
    {
        var shedding = new TickShedding(_counters.Spool, _ => { });
        var tick = new Tick { Symbol = Symbol(1), Kind = TickKind.Quote, Fields = TickFields.Bid };
        long allocated = 0;
        for (var number = 0; number < 10_000; number++)
        {
            allocated = number == 1_000 ? GC.GetAllocatedBytesForCurrentThread() : allocated;
            tick.TimestampMs = number * 10;
            shedding.Admit(SpoolPressure.Conflate, 0, tick, 0, out var older);
            older?.Release();
        }

        (GC.GetAllocatedBytesForCurrentThread() - allocated).ShouldBe(0);
        _counters.Spool.ConflatedTicks.ShouldBe(9_900);
    }

    [Fact]
    public async Task Full_spool_conflates_then_refuses_and_counts_every_tick()
    {
        var time = new TestTime();
        var sink = new ScriptedSink();
        await using var delivery = new RecordDelivery(
            sink, new DeliveryOptions { Folder = _folder.Path, SpoolMaxBytes = MaxBytes }, _counters, _missed.Add, time,
            NullLogger.Instance);
        var shedding = new TickShedding(_counters.Spool, _missed.Add);
        var batcher = new TickBatcher(delivery, shedding, Partitions, TimeSpan.FromMilliseconds(2), time, () => { });
        var symbols = Enumerable.Range(1, 20).Select(Symbol).ToArray();
        var kinds = new[] { TickKind.Quote, TickKind.Trade };
        var received = new Dictionary<(string, TickKind), List<long>>();
        var random = new Random(1);
        sink.StopAcknowledging();
        var tickMs = 0L;
        while (_counters.Spool.RefusedTicks < 20_000)
        {
            tickMs++;
            var symbol = symbols[random.Next(symbols.Length)];
            var kind = kinds[random.Next(4) / 3];
            (received.TryGetValue((symbol.Name, kind), out var times) ? times : received[(symbol.Name, kind)] = []).Add(tickMs);
            Add(batcher, symbol, kind, tickMs);
            if (tickMs % 5_000 == 0)
            {
                // The first advance makes the first records due; the second is so long that the sink counts as stalled.
                time.Advance(tickMs == 10_000 ? DeliveryFixture.StallDuration : TimeSpan.FromMilliseconds(300));
                if (tickMs >= 10_000)
                {
                    await UntilWrittenAsync(delivery);
                }
            }

            if (tickMs % 100 == 0)
            {
                await batcher.SendAsync(TestContext.Current.CancellationToken);
            }
        }

        delivery.GetStatus().Bytes.ShouldBeLessThanOrEqualTo(MaxBytes);
        sink.ResumeAcknowledging();
        await batcher.DrainAsync(TestContext.Current.CancellationToken);
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (delivery.GetStatus().Records > 0)
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        var archived = Archived(sink);
        var (conflated, refused) = (_counters.Spool.ConflatedTicks, _counters.Spool.RefusedTicks);
        conflated.ShouldBeGreaterThan(0);
        refused.ShouldBe(20_000);
        (archived.Values.Sum(times => times.Count) + conflated + refused).ShouldBe(tickMs);
        _counters.Archived.ShouldBe(tickMs - conflated - refused);
        foreach (var (key, times) in received)
        {
            var kept = archived.GetValueOrDefault(key) ?? [];
            kept.ShouldBeInOrder(SortDirection.Ascending);
            kept.ShouldBe(kept.Distinct());
            var gaps = _missed.Where(gap => gap.ToMs is not null && (gap.Symbol.Name, gap.Kind) == key).ToList();
            times.Except(kept).ShouldAllBe(at => gaps.Exists(gap => gap.FromMs <= at && at <= gap.ToMs));
            _missed.Where(gap => (gap.Symbol.Name, gap.Kind) == key).Sum(gap => gap.Count).ShouldBe(times.Count - kept.Count);
            gaps.Count(gap => gap.Cause == MissedTicks.SpoolFull).ShouldBe(1);
            gaps.Count(gap => gap.Cause == MissedTicks.Conflated).ShouldBe(key.Item2 == TickKind.Quote ? 1 : 0);
        }
    }

    /// <summary>Waits until the accepted records are on disk, so that the spool conflates quotes before it refuses ticks.</summary>
    private static async Task UntilWrittenAsync(RecordDelivery delivery)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(5));
        while (delivery.GetStatus().State != SpoolStatus.Filling)
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }

        var written = delivery.FlushAsync(TestContext.Current.CancellationToken);
        while (!written.IsCompleted && delivery.Pressure != SpoolPressure.Refuse)
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private static void Offer(TickShedding shedding, SpoolPressure pressure, TickKind kind, long at, List<string> kept)
    {
        if (shedding.Admit(pressure, 0, new Tick { Symbol = Symbol(1), Kind = kind, TimestampMs = at }, 0, out var older))
        {
            kept.Add($"{kind} {at}");
        }

        if (older is not null)
        {
            kept.Add($"Quote {older.Release().TimestampMs}");
        }
    }

    private static void Release(TickShedding shedding, List<string> kept)
    {
        foreach (var held in shedding.DueQuotes(false, _ => false))
        {
            kept.Add($"Quote {held.Release().TimestampMs}");
        }
    }

    private static void Add(TickBatcher batcher, Symbol symbol, TickKind kind, long at) => batcher.Add(
        symbol.PartitionOf(batcher.Partitions),
        new Tick
        {
            Symbol = symbol,
            Kind = kind,
            Fields = TickFields.Bid | (kind == TickKind.Trade ? TickFields.TradeId : TickFields.None),
            Bid = Price.Create(at, 2),
            TradeId = kind == TickKind.Trade ? "a trade id that fills records sooner than numbers would"u8 : default,
            TimestampMs = at,
            ReceivedMs = at,
        });

    private static Dictionary<(string, TickKind), List<long>> Archived(ScriptedSink sink)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        var ticks = new Dictionary<(string, TickKind), List<long>>();
        foreach (var record in sink.HandedOver)
        {
            reader.Open(record.Value);
            Tick tick = default;
            while (reader.TryRead(ref tick))
            {
                var key = (tick.Symbol.Name, tick.Kind);
                (ticks.TryGetValue(key, out var times) ? times : ticks[key] = []).Add(tick.TimestampMs);
            }
        }

        return ticks;
    }

    private static byte[] Packed(scoped in Tick tick)
    {
        var builder = new TickBatchBuilder(0, TickSource.Live);
        builder.Add(tick);
        return builder.ToRecord();
    }

    private static Symbol Symbol(int number) =>
        Ticks.Symbol.TryParse(Market.Stock, $"SYM{number}", out var symbol) ? symbol
            : throw new ArgumentException("Not a symbol", nameof(number));
}
