using CloudTicks.EventStream;
using CloudTicks.Replay.Sorting;
using CloudTicks.Ticks;
using FsCheck;
using FsCheck.Fluent;

namespace CloudTicks.Replay.Tests.Sorting;

public sealed class TickSorterTests : IDisposable
{
    private static readonly int[] Codes = [12, 37, -1];

    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void Merge_returns_every_tick_in_order_with_little_memory()
    {
        var times = ArbMap.Default.ArbFor<byte[]>();
        Check.QuickThrowOnFailure(Prop.ForAll(times, sorted =>
        {
            var expected = sorted.Select((time, number) => (Time: (long)time, Number: number)).OrderBy(tick => tick.Time)
                .ThenBy(tick => tick.Number);

            Sorted(sorted, new ReplayOptions { SortBytes = 4096, MaxFiles = 2, Folder = _folder.Path }).ShouldBe(expected);
            Sorted(sorted, new ReplayOptions()).ShouldBe(expected);
        }));
    }

    [Fact]
    public void Merge_of_many_files_returns_all_ticks_and_leaves_no_file()
    {
        var times = Enumerable.Range(0, 5_000).Select(number => (byte)(number * 7)).ToArray();
        var counts = new ReplayCounts();

        Sorted(times, new ReplayOptions { SortBytes = 4096, MaxFiles = 4, Folder = _folder.Path }, counts).Count.ShouldBe(times.Length);

        counts.SortedBytes.ShouldBeGreaterThan(0);
        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public void Row_keeps_every_field_of_a_tick()
    {
        var symbol = Symbol.TryParse("AAPL", out var apple) ? apple : throw new InvalidOperationException();
        using var sorter = new TickSorter(new ReplayOptions(), new ReplayCounts());
        sorter.Add(
            new Tick
            {
                Symbol = symbol,
                Kind = TickKind.Trade,
                Fields = TickFields.All,
                TimestampMs = -5,
                ReceivedMs = long.MaxValue,
                Bid = Price.Create(-1, 38),
                Ask = Price.Create(long.MaxValue, 0),
                BidSize = Price.Create(1, 1),
                AskSize = Price.Create(2, 2),
                Price = Price.Create(3, 3),
                Size = Price.Create(4, 4),
                Exchange = -1,
                BidExchange = 2,
                AskExchange = 3,
                Sequence = long.MinValue,
                TradeId = "id\0\xff"u8,
                Conditions = Codes,
                Indicators = [],
                Tape = 3,
                ParticipantMs = 7,
                TrfId = 8,
                TrfMs = 9,
                VendorReceivedMs = 10,
                Flags = TickFlags.Late | TickFlags.RoundLots,
            },
            TickSource.Backfill,
            TickOrder.PositionOf(31, 12345));

        var rows = sorter.Merge();
        rows.TryRead().ShouldBeTrue();
        var tick = default(Tick);
        rows.Read(ref tick, out var source);

        (source, tick.Symbol, tick.Kind, tick.Fields, tick.Flags).ShouldBe(
            (TickSource.Backfill, symbol, TickKind.Trade, TickFields.All, TickFlags.Late | TickFlags.RoundLots));
        (tick.TimestampMs, tick.ReceivedMs, tick.Sequence, tick.ParticipantMs, tick.TrfMs, tick.VendorReceivedMs).ShouldBe(
            (-5, long.MaxValue, long.MinValue, 7, 9, 10));
        (tick.Bid, tick.Ask, tick.BidSize, tick.AskSize).ShouldBe(
            (Price.Create(-1, 38), Price.Create(long.MaxValue, 0), Price.Create(1, 1), Price.Create(2, 2)));
        (tick.Price, tick.Size, tick.Exchange, tick.BidExchange, tick.AskExchange).ShouldBe(
            (Price.Create(3, 3), Price.Create(4, 4), -1, 2, 3));
        (tick.Tape, tick.TrfId).ShouldBe((3, 8));
        tick.TradeId.SequenceEqual("id\0\xff"u8).ShouldBeTrue();
        tick.Conditions.SequenceEqual(Codes).ShouldBeTrue();
        tick.Indicators.Length.ShouldBe(0);
        TickOrder.PartitionOf(TickRow.Order(rows.Row).Position).ShouldBe(31);
        rows.TryRead().ShouldBeFalse();
    }

    [Fact]
    public void Sort_in_a_missing_folder_reports_what_to_do()
    {
        var problem = Should.Throw<EventStreamException>(
            () => Sorted(new byte[1_000], new ReplayOptions { SortBytes = 4096, Folder = _folder.File("nowhere") }));

        problem.Message.ShouldContain("nowhere");
        problem.Message.ShouldContain("name another folder");
    }

    /// <summary>The times and numbers of the ticks, sorted.</summary>
    private static List<(long Time, int Number)> Sorted(byte[] times, ReplayOptions options, ReplayCounts? counts = null)
    {
        var symbol = Symbol.TryParse("EURUSD", out var parsed) ? parsed : throw new InvalidOperationException();
        using var sorter = new TickSorter(options, counts ?? new ReplayCounts());
        for (var number = 0; number < times.Length; number++)
        {
            var tick = new Tick
            {
                Symbol = symbol,
                Kind = TickKind.Quote,
                Fields = TickFields.Sequence,
                TimestampMs = times[number],
                Sequence = number
            };
            sorter.Add(tick, TickSource.Live, TickOrder.PositionOf(0, number));
        }

        var rows = sorter.Merge();
        var sorted = new List<(long, int)>();
        var read = default(Tick);
        while (rows.TryRead())
        {
            rows.Read(ref read, out _);
            sorted.Add((read.TimestampMs, (int)read.Sequence));
        }

        return sorted;
    }
}
