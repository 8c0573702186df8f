using System.Buffers.Binary;
using CloudTicks.Collection.Counters;
using CloudTicks.Collection.Delivery;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.Collection.Tests.Spool;
using CloudTicks.Foundations.Disks;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Status;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.Delivery;

public sealed class RecordDeliveryTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    private readonly TemporaryFolder _folder = new();
    private readonly TestTime _time = new();
    private readonly ScriptedSink _sink = new();
    private readonly List<MissedTicks> _missed = [];
    private readonly List<int?> _gapsLost = [];
    private CollectorCounters _counters = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Records_go_straight_to_a_sink_that_takes_them_and_nothing_to_disk()
    {
        await using var delivery = Open();

        for (var number = 1; number <= 1_000; number++)
        {
            await (await delivery.SendAsync(Record(number), TestContext.Current.CancellationToken));
        }

        _sink.Handed.Select(Number).ShouldBe(Enumerable.Range(1, 1_000));
        Files().ShouldBeEmpty();
        (_counters.Archived, _counters.ArchivedRecords, _counters.InFlight).ShouldBe((1_000, 1_000, 0));
        delivery.GetStatus().ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(SpoolStatus.Empty), status => (status.Records, status.SpooledTicks, status.Flushes).ShouldBe((0, 0, 0)));
    }

    [Fact]
    public async Task Records_are_safe_on_disk_when_the_sink_is_away_and_go_once_and_in_order_when_it_is_back()
    {
        await using var delivery = Open();
        _sink.GoAway();
        var first = await SendAsync(delivery, 1, 10);
        first.ShouldAllBe(safe => !safe.IsCompleted);

        _time.Advance(Patience);
        await UntilAsync(() => delivery.GetStatus().State == SpoolStatus.Filling);
        var second = await SendAsync(delivery, 11, 10);
        await Task.WhenAll([.. first, .. second]).WaitAsync(TestContext.Current.CancellationToken);

        _sink.Handed.Select(Number).ShouldBe(Enumerable.Range(1, 10), "the rest is on disk");
        delivery.GetStatus().ShouldSatisfyAllConditions(
            status => status.State.ShouldBe(SpoolStatus.Filling), status => (status.Records, status.SpooledTicks).ShouldBe((20, 20)),
            status => status.OldestMs.ShouldNotBeNull());
        _counters.Archived.ShouldBe(0);

        _sink.ComeBack();
        await UntilAsync(() => _counters.Archived == 20);
        await UntilAsync(() => delivery.GetStatus().State != SpoolStatus.Filling);
        var third = await SendAsync(delivery, 21, 5);
        await Task.WhenAll(third).WaitAsync(TestContext.Current.CancellationToken);

        await UntilAsync(() => _counters.Archived == 25);
        _sink.Handed.Select(Number).ShouldBe(Enumerable.Range(1, 25));
        _time.Advance(Patience);
        await UntilAsync(() => Files().Length == 0);
        (delivery.GetStatus().Bytes, _counters.InFlight).ShouldBe((0, 0));
    }

    [Fact]
    public async Task What_a_life_has_left_is_sent_first_by_the_next_and_not_counted_as_its_own()
    {
        await using (var delivery = Open())
        {
            await SendAsync(delivery, 1, 3);
            _sink.GoAway();
            await SendAsync(delivery, 4, 4);
            _time.Advance(Patience);
            await Task.WhenAll(await SendAsync(delivery, 8, 3)).WaitAsync(TestContext.Current.CancellationToken);
        }

        var sent = _sink.Handed.Count;
        _sink.ComeBack();
        _counters = new CollectorCounters();
        await using var next = Open();
        await Task.WhenAll(await SendAsync(next, 11, 2)).WaitAsync(TestContext.Current.CancellationToken);

        await UntilAsync(() => _counters.Archived == 2);
        _sink.Handed.Skip(sent).Select(Number).ShouldBe([4, 5, 6, 7, 8, 9, 10, 11, 12]);
        _counters.Spool.EarlierTicks.ShouldBe(7);
    }

    [Fact]
    public async Task What_the_sink_had_and_did_not_acknowledge_is_sent_again_by_the_next_life()
    {
        await using (var delivery = Open())
        {
            _sink.GoAway();
            await SendAsync(delivery, 1, 10);
            delivery.SpoolAll();
            await delivery.FlushAsync(TestContext.Current.CancellationToken);
            _sink.Acknowledge(3);
            await UntilAsync(() => _counters.Archived == 3);
        }

        _sink.Lose();
        _sink.ComeBack();
        await using var next = Open();

        await UntilAsync(() => _sink.Acknowledged.Count == 10);
        _sink.Acknowledged.Select(Number).ShouldBe(Enumerable.Range(1, 10));
    }

    [Fact]
    public async Task SpoolAll_makes_everything_safe_at_once()
    {
        await using var delivery = Open();
        _sink.GoAway();
        var records = await SendAsync(delivery, 1, 10);

        delivery.SpoolAll();
        await Task.WhenAll(records).WaitAsync(TestContext.Current.CancellationToken);

        delivery.GetStatus().Records.ShouldBe(10);
    }

    [Fact]
    public async Task A_sink_that_is_slower_than_the_feed_makes_nobody_wait_and_gets_everything_in_order()
    {
        const int count = 150; // of 1 MiB: more than the memory takes
        await using var delivery = Open();
        _sink.GoAway();

        var records = new List<Task>();
        for (var number = 1; number <= count; number++)
        {
            records.Add(await delivery.SendAsync(Record(number, bytes: 1 << 20), TestContext.Current.CancellationToken));
            if (number % 10 == 0)
            {
                _sink.Acknowledge(1);
            }
        }

        await Task.WhenAll(records).WaitAsync(TestContext.Current.CancellationToken);
        _counters.Spool.SpooledTicks.ShouldBeGreaterThan(0);
        _sink.ComeBack();

        await UntilAsync(() => _counters.Archived == count);
        _sink.Handed.Select(Number).ShouldBe(Enumerable.Range(1, count));
    }

    [Fact]
    public async Task A_feed_that_can_wait_is_held_back_where_others_would_go_to_disk()
    {
        await using var delivery = Open(feedWaits: true);
        _sink.GoAway();
        var number = 0;
        ValueTask<Task> sending;
        do
        {
            sending = delivery.SendAsync(Record(++number, bytes: 1 << 20), TestContext.Current.CancellationToken);
        }
        while (sending.IsCompleted);

        number.ShouldBeInRange(60, 70);
        Files().ShouldBeEmpty();
        _sink.ComeBack();
        await (await sending);

        await UntilAsync(() => _counters.Archived == number);
        Files().ShouldBeEmpty();
        _sink.Handed.Select(Number).ShouldBe(Enumerable.Range(1, number));
    }

    [Fact]
    public async Task Pressure_rises_with_the_spool_and_falls_when_it_drains()
    {
        const long max = 16 << 20;
        await using var delivery = Open(max);
        _sink.GoAway();
        await SendAsync(delivery, 1, 1);
        _time.Advance(Patience);
        var (number, conflatedAt, refusedAt) = (1, 0L, 0L);
        while (delivery.Pressure != SpoolPressure.Refuse)
        {
            await (await delivery.SendAsync(Record(++number, bytes: 100_000), TestContext.Current.CancellationToken));
            conflatedAt = conflatedAt == 0 && delivery.Pressure == SpoolPressure.Conflate ? delivery.GetStatus().Bytes : conflatedAt;
        }

        refusedAt = delivery.GetStatus().Bytes;
        conflatedAt.ShouldBeInRange((long)(max * 0.79), (long)(max * 0.82));
        refusedAt.ShouldBeInRange((long)(max * 0.86), max);
        _sink.ComeBack();
        await UntilAsync(() => _counters.Archived == number);
        _time.Advance(Patience);
        await UntilAsync(() => delivery.Pressure == SpoolPressure.None);
        _sink.Handed.Select(Number).ShouldBe(Enumerable.Range(1, number));
    }

    [Fact]
    public async Task A_disk_that_cannot_be_flushed_makes_nothing_safe_and_records_go_straight_when_the_sink_is_back()
    {
        var disk = new ScriptedDisk();
        await using var delivery = Open(disk: disk);
        _sink.GoAway();
        var records = await SendAsync(delivery, 1, 5);
        disk.FailsToFlush = true;
        _time.Advance(Patience);
        records.AddRange(await SendAsync(delivery, 6, 5));
        await UntilAsync(() => delivery.Pressure == SpoolPressure.Refuse);

        records.ShouldAllBe(safe => !safe.IsCompleted);
        delivery.GetStatus().Trouble.ShouldBe("Input/output error");
        _sink.ComeBack();
        await UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            return _counters.Archived == 10 && delivery.Pressure == SpoolPressure.None;
        });

        await Task.WhenAll(records).WaitAsync(TestContext.Current.CancellationToken);
        _sink.Handed.Select(Number).ShouldBe(Enumerable.Range(1, 10));
        delivery.GetStatus().Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task A_disk_that_works_again_takes_what_has_waited()
    {
        var disk = new ScriptedDisk { FailsToFlush = true };
        await using var delivery = Open(disk: disk);
        _sink.GoAway();
        var records = await SendAsync(delivery, 1, 5);
        _time.Advance(Patience);
        await UntilAsync(() => delivery.GetStatus().Trouble is not null);
        disk.FailsToFlush = false;
        await UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            return records.TrueForAll(safe => safe.IsCompleted);
        });

        delivery.GetStatus().ShouldSatisfyAllConditions(status => status.Trouble.ShouldBeNull(), status => status.Records.ShouldBe(5));
    }

    [Fact]
    public async Task A_disk_with_no_more_than_the_reserve_is_not_written_until_it_has_room()
    {
        var disk = new ScriptedDisk { Free = SpoolRoom.MaxReserveBytes };
        await using var delivery = Open(disk: disk);
        _sink.GoAway();
        var records = await SendAsync(delivery, 1, 5);
        _time.Advance(Patience);
        await UntilAsync(() => delivery.GetStatus().Trouble is not null || records.Exists(safe => safe.IsCompleted));

        records.ShouldAllBe(safe => !safe.IsCompleted, "the reserve is left to others");
        Files().ShouldBeEmpty();
        delivery.GetStatus().Trouble.ShouldBe("less than 67.1 MB are free");
        disk.Free = 2 * SpoolRoom.MaxReserveBytes;
        await UntilAsync(() =>
        {
            _time.Advance(TimeSpan.FromMilliseconds(250));
            return records.TrueForAll(safe => safe.IsCompleted);
        });

        delivery.GetStatus().ShouldSatisfyAllConditions(status => status.Trouble.ShouldBeNull(), status => status.Records.ShouldBe(5));
    }

    [Fact]
    public async Task A_record_that_is_acknowledged_while_it_goes_to_disk_does_not_stay_there()
    {
        var disk = new ScriptedDisk();
        await using var delivery = Open(disk: disk);
        _sink.GoAway();
        var records = await SendAsync(delivery, 1, 3);
        disk.AfterFlush = () =>
        {
            _sink.ComeBack();
            SpinWait.SpinUntil(() => _counters.Archived == 3);
        };

        _time.Advance(Patience);
        await Task.WhenAll(records).WaitAsync(TestContext.Current.CancellationToken);
        await UntilAsync(() => delivery.GetStatus() is { State: SpoolStatus.Empty, Records: 0 });

        delivery.GetStatus().ShouldSatisfyAllConditions(status => (status.SpooledTicks, status.DrainedTicks).ShouldBe((3, 3)));
        _sink.Handed.Select(Number).ShouldBe(Enumerable.Range(1, 3));
    }

    [Fact]
    public async Task A_record_that_the_sink_refuses_for_good_ends_the_delivery_with_its_reason()
    {
        await using var delivery = new RecordDelivery(new RefusingSink(), Options(1 << 30, false, null), _counters, _missed.Add, _time, NullLogger.Instance);

        var record = await delivery.SendAsync(Record(1), TestContext.Current.CancellationToken);

        (await Should.ThrowAsync<CollectorException>(record)).Message.ShouldBe("never");
        await Should.ThrowAsync<CollectorException>(async () => await delivery.SendAsync(Record(2), TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task A_damaged_record_is_counted_and_told_as_a_gap_of_each_symbol_that_it_may_have_had_and_the_rest_goes_on()
    {
        var (partition, other) = (Symbol(1).PartitionOf(4), Enumerable.Range(2, 50).Select(Symbol).First(symbol => symbol.PartitionOf(4) != Symbol(1).PartitionOf(4)));
        await using (var delivery = Open())
        {
            _sink.GoAway();
            foreach (var (symbol, at) in new[] { (Symbol(1), 1_000), (other, 1_100), (Symbol(1), 2_000), (Symbol(1), 3_000), (other, 3_100) })
            {
                await delivery.SendAsync(new OutgoingRecord(symbol.PartitionOf(4), Ticks(symbol, at), 1), TestContext.Current.CancellationToken);
            }

            delivery.SpoolAll();
            await delivery.FlushAsync(TestContext.Current.CancellationToken);
        }

        var file = Files().Single();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[bytes.AsSpan().IndexOf(Ticks(Symbol(1), 2_000)) + 10] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        _sink.ComeBack();
        var sent = _sink.Handed.Count;
        await using var next = Open();

        await UntilAsync(() => _counters.Spool.EarlierTicks == 4);

        (_sink.Handed.Count - sent).ShouldBe(4);
        _counters.Spool.DamagedRecords.ShouldBe(1);
        var gap = _missed.ShouldHaveSingleItem();
        (gap.Symbol, gap.Kind, gap.FromMs, gap.ToMs, gap.Cause).ShouldBe((Symbol(1), TickKind.Quote, 1_000, 3_000, "spool_damaged"));
        gap.Symbol.PartitionOf(4).ShouldBe(partition);
        _gapsLost.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, null)]
    public async Task A_damaged_record_of_gaps_is_reported_with_its_partition_and_one_cut_off_without(int damaged, int? partition)
    {
        byte[][] gaps = [[(byte)'{', 1, 2, 3], [(byte)'{', 4, 5, 6], [(byte)'{', 7, 8, 9]];
        await using (var delivery = Open())
        {
            _sink.GoAway();
            for (var number = 0; number < gaps.Length; number++)
            {
                await delivery.SendAsync(
                    new OutgoingRecord(number, gaps[number], 0, RecordContent.Gaps), TestContext.Current.CancellationToken);
            }

            delivery.SpoolAll();
            await delivery.FlushAsync(TestContext.Current.CancellationToken);
        }

        var file = Files().Single();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[bytes.AsSpan().IndexOf(gaps[damaged]) + 1] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        _sink.ComeBack();
        var sent = _sink.Handed.Count;
        await using var next = Open();

        await UntilAsync(() => _sink.Handed.Count == sent + 2 && next.GetStatus().Records == 0);

        _gapsLost.ShouldBe([partition]);
        _missed.ShouldBeEmpty();
    }

    [Fact]
    public async Task Refused_elements_wait_on_disk_like_records()
    {
        await using (var delivery = Open())
        {
            _sink.GoAway();
            await delivery.SendLetterAsync("raw"u8.ToArray(), "not_json");
            delivery.SpoolAll();
            await delivery.FlushAsync(TestContext.Current.CancellationToken);
        }

        _sink.ComeBack();
        var sent = _sink.Handed.Count;
        await using var next = Open();
        await UntilAsync(() => _sink.Handed.Count > sent);

        var letter = _sink.Handed[^1];
        letter.Content.ShouldBe(RecordContent.DeadLetter);
        var (raw, reason) = DeadLetterRecord.Read(letter.Value);
        (System.Text.Encoding.UTF8.GetString(raw.Span), reason).ShouldBe(("raw", "not_json"));
    }

    [Fact]
    public void Any_outages_and_restarts_lose_nothing_that_was_safe_and_keep_the_order() => Check.One(
        Config.QuickThrowOnFailure.WithMaxTest(60),
        Prop.ForAll(ArbMap.Default.ArbFor<(byte Action, byte Count)[]>(), actions => RunAsync(actions).GetAwaiter().GetResult()));

    private async Task RunAsync((byte Action, byte Count)[] actions)
    {
        Array.ForEach(Directory.GetFiles(_folder.Path), File.Delete);
        var sink = new ScriptedSink();
        _counters = new CollectorCounters();
        var delivery = Open(sink: sink);
        var safe = new HashSet<int>();
        var sent = 0;
        try
        {
            var open = new List<(int Number, Task Safe)>();
            foreach (var (action, count) in actions)
            {
                switch (action % 6)
                {
                    case 0:
                    case 1:
                        for (var index = 0; index < count % 20; index++)
                        {
                            sent++;
                            open.Add((sent, await delivery.SendAsync(Record(sent), TestContext.Current.CancellationToken)));
                        }

                        break;
                    case 2:
                        sink.GoAway();
                        break;
                    case 3:
                        sink.Acknowledge(count % 10);
                        break;
                    case 4:
                        _time.Advance(Patience);
                        break;
                    default:
                        if (count % 3 == 0)
                        {
                            // The process ends; what was not safe is lost.
                            await delivery.DisposeAsync();
                            safe.UnionWith(open.Where(record => record.Safe.IsCompletedSuccessfully).Select(record => record.Number));
                            open.Clear();
                            sink.Lose();
                            sink.ComeBack();
                            delivery = Open(sink: sink);
                        }
                        else
                        {
                            sink.ComeBack();
                        }

                        break;
                }
            }

            sink.ComeBack();
            await Task.WhenAll(open.Select(record => record.Safe)).WaitAsync(TestContext.Current.CancellationToken);
            safe.UnionWith(open.Select(record => record.Number));
            await UntilAsync(() => delivery.GetStatus().Records == 0 && sink.Open == 0 && safe.IsSubsetOf(sink.Acknowledged.Select(Number)));
        }
        finally
        {
            await delivery.DisposeAsync();
        }

        // The first time that each came is in order, whatever came twice after a restart.
        sink.Acknowledged.Select(Number).Distinct().ShouldBeInOrder();
    }

    private static OutgoingRecord Record(int number, int bytes = 100)
    {
        // It begins as what tells of gaps does: of that nobody measures how long it took.
        var value = new byte[bytes];
        value[0] = (byte)'{';
        BinaryPrimitives.WriteInt32LittleEndian(value.AsSpan(1), number);
        return new OutgoingRecord(number % 4, value, 1);
    }

    private static byte[] Ticks(Symbol symbol, long at)
    {
        var builder = new TickBatchBuilder(symbol.PartitionOf(4), TickSource.Live);
        builder.Add(new Tick { Symbol = symbol, Kind = TickKind.Quote, TimestampMs = at, ReceivedMs = at });
        return builder.ToRecord();
    }

    private static Symbol Symbol(int number) =>
        CloudTicks.Ticks.Symbol.TryParse(Market.Stock, $"SYM{number}", out var symbol) ? symbol : throw new ArgumentException("No symbol", nameof(number));

    private static int Number(OutgoingRecord record) => BinaryPrimitives.ReadInt32LittleEndian(record.Value.AsSpan(1));

    private static async Task<List<Task>> SendAsync(RecordDelivery delivery, int first, int count)
    {
        List<Task> records = [];
        foreach (var number in Enumerable.Range(first, count))
        {
            records.Add(await delivery.SendAsync(Record(number), TestContext.Current.CancellationToken));
        }

        return records;
    }

    private static async Task UntilAsync(Func<bool> reached)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(2));
        while (!reached())
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    private string[] Files() => Directory.GetFiles(_folder.Path, "*.spool");

    private DeliveryOptions Options(long maxBytes, bool feedWaits, Disk? disk) =>
        new()
        {
            Folder = _folder.Path,
            SpoolMaxBytes = maxBytes,
            FeedWaits = feedWaits,
            OnGapsLost = _gapsLost.Add,
            Disk = disk ?? new Disk(),
        };

    private RecordDelivery Open(long maxBytes = 1 << 30, bool feedWaits = false, Disk? disk = null, ScriptedSink? sink = null) =>
        new(sink ?? _sink, Options(maxBytes, feedWaits, disk), _counters, _missed.Add, _time, NullLogger.Instance);

    private sealed class RefusingSink : IRecordSink
    {
        public TimeSpan? AwayFor => null;

        public ValueTask<Task> SendAsync(OutgoingRecord record, CancellationToken cancellationToken) =>
            new(Task.FromException(new CollectorException("never")));
    }
}
