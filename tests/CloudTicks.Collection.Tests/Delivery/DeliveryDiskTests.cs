using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.Collection.Tests.Spool;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Collection.Tests.Delivery;

/// <summary>Tests the delivery on a disk that fails, is full, or damages data.</summary>
public sealed class DeliveryDiskTests : IDisposable
{
    private readonly DeliveryFixture _fixture = new();

    public void Dispose() => _fixture.Dispose();

    [Fact]
    public async Task Failing_flush_leaves_records_pending_until_acknowledged()
    {
        var disk = new ScriptedDisk();
        await using var delivery = _fixture.Open(disk: disk);
        _fixture.Sink.StopAcknowledging();
        var deliveries = await DeliveryFixture.SendAsync(delivery, 1, 5);
        disk.FailsToFlush = true;
        _fixture.Time.Advance(DeliveryFixture.StallDuration);
        deliveries.AddRange(await DeliveryFixture.SendAsync(delivery, 6, 5));
        await DeliveryFixture.UntilAsync(() => delivery.Pressure == SpoolPressure.Refuse);

        deliveries.ShouldAllBe(safe => !safe.IsCompleted);
        delivery.GetStatus().Trouble.ShouldBe("Input/output error");
        _fixture.Sink.ResumeAcknowledging();
        await DeliveryFixture.UntilAsync(() =>
        {
            _fixture.Time.Advance(TimeSpan.FromMilliseconds(250));
            return _fixture.Counters.Archived == 10 && delivery.Pressure == SpoolPressure.None;
        });

        await Task.WhenAll(deliveries).WaitAsync(TestContext.Current.CancellationToken);
        _fixture.Sink.HandedOver.Select(DeliveryFixture.Number).ShouldBe(Enumerable.Range(1, 10));
        delivery.GetStatus().Trouble.ShouldBeNull();
    }

    [Fact]
    public async Task Recovered_disk_gets_waiting_records()
    {
        var disk = new ScriptedDisk { FailsToFlush = true };
        await using var delivery = _fixture.Open(disk: disk);
        _fixture.Sink.StopAcknowledging();
        var deliveries = await DeliveryFixture.SendAsync(delivery, 1, 5);
        _fixture.Time.Advance(DeliveryFixture.StallDuration);
        await DeliveryFixture.UntilAsync(() => delivery.GetStatus().Trouble is not null);
        disk.FailsToFlush = false;
        await DeliveryFixture.UntilAsync(() =>
        {
            _fixture.Time.Advance(TimeSpan.FromMilliseconds(250));
            return deliveries.TrueForAll(safe => safe.IsCompleted);
        });

        delivery.GetStatus().ShouldSatisfyAllConditions(status => status.Trouble.ShouldBeNull(), status => status.Records.ShouldBe(5));
    }

    [Fact]
    public async Task Disk_at_reserve_is_not_written_until_space_is_free()
    {
        var disk = new ScriptedDisk { Free = SpoolCapacity.MaxReserveBytes };
        await using var delivery = _fixture.Open(disk: disk);
        _fixture.Sink.StopAcknowledging();
        var deliveries = await DeliveryFixture.SendAsync(delivery, 1, 5);
        _fixture.Time.Advance(DeliveryFixture.StallDuration);
        await DeliveryFixture.UntilAsync(() => delivery.GetStatus().Trouble is not null || deliveries.Exists(safe => safe.IsCompleted));

        deliveries.ShouldAllBe(safe => !safe.IsCompleted, "the spool leaves the reserve free");
        _fixture.Files().ShouldBeEmpty();
        delivery.GetStatus().Trouble.ShouldBe("less than 67.1 MB are free");
        disk.Free = 2 * SpoolCapacity.MaxReserveBytes;
        await DeliveryFixture.UntilAsync(() =>
        {
            _fixture.Time.Advance(TimeSpan.FromMilliseconds(250));
            return deliveries.TrueForAll(safe => safe.IsCompleted);
        });

        delivery.GetStatus().ShouldSatisfyAllConditions(status => status.Trouble.ShouldBeNull(), status => status.Records.ShouldBe(5));
    }

    [Fact]
    public async Task Record_acknowledged_during_write_is_removed_from_disk()
    {
        var disk = new ScriptedDisk();
        await using var delivery = _fixture.Open(disk: disk);
        _fixture.Sink.StopAcknowledging();
        var deliveries = await DeliveryFixture.SendAsync(delivery, 1, 3);
        disk.AfterFlush = () =>
        {
            _fixture.Sink.ResumeAcknowledging();
            SpinWait.SpinUntil(() => _fixture.Counters.Archived == 3);
        };

        _fixture.Time.Advance(DeliveryFixture.StallDuration);
        await Task.WhenAll(deliveries).WaitAsync(TestContext.Current.CancellationToken);
        await DeliveryFixture.UntilAsync(() => delivery.GetStatus() is { State: SpoolStatus.Empty, Records: 0 });

        delivery.GetStatus().ShouldSatisfyAllConditions(status => (status.SpooledTicks, status.DrainedTicks).ShouldBe((3, 3)));
        _fixture.Sink.HandedOver.Select(DeliveryFixture.Number).ShouldBe(Enumerable.Range(1, 3));
    }

    [Fact]
    public async Task Damaged_record_becomes_gap_and_others_are_delivered()
    {
        var (partition, other) = (Symbol(1).PartitionOf(4),
            Enumerable.Range(2, 50).Select(Symbol).First(symbol => symbol.PartitionOf(4) != Symbol(1).PartitionOf(4)));
        await using (var delivery = _fixture.Open())
        {
            _fixture.Sink.StopAcknowledging();
            foreach (var (symbol, at) in new[] { (Symbol(1), 1_000), (other, 1_100), (Symbol(1), 2_000), (Symbol(1), 3_000),
                (other, 3_100) })
            {
                await delivery.SendAsync(
                    new OutgoingRecord(symbol.PartitionOf(4), Ticks(symbol, at), 1), TestContext.Current.CancellationToken);
            }

            delivery.SpoolAll();
            await delivery.FlushAsync(TestContext.Current.CancellationToken);
        }

        var file = _fixture.Files().Single();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[bytes.AsSpan().IndexOf(Ticks(Symbol(1), 2_000)) + 10] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        _fixture.Sink.ResumeAcknowledging();
        var sentBefore = _fixture.Sink.HandedOver.Count;
        await using var next = _fixture.Open();

        await DeliveryFixture.UntilAsync(() => _fixture.Counters.Spool.EarlierTicks == 4);

        (_fixture.Sink.HandedOver.Count - sentBefore).ShouldBe(4);
        _fixture.Counters.Spool.DamagedRecords.ShouldBe(1);
        var gap = _fixture.Missed.ShouldHaveSingleItem();
        (gap.Symbol, gap.Kind, gap.FromMs, gap.ToMs, gap.Cause).ShouldBe((Symbol(1), TickKind.Quote, 1_000, 3_000, "spool_damaged"));
        gap.Symbol.PartitionOf(4).ShouldBe(partition);
        _fixture.GapsLost.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, null)]
    public async Task Damaged_gap_record_reports_its_partition_if_known(int damagedIndex, int? partition)
    {
        byte[][] gaps = [[(byte)'{', 1, 2, 3], [(byte)'{', 4, 5, 6], [(byte)'{', 7, 8, 9]];
        await using (var delivery = _fixture.Open())
        {
            _fixture.Sink.StopAcknowledging();
            for (var number = 0; number < gaps.Length; number++)
            {
                await delivery.SendAsync(
                    new OutgoingRecord(number, gaps[number], 0, RecordContent.Gaps), TestContext.Current.CancellationToken);
            }

            delivery.SpoolAll();
            await delivery.FlushAsync(TestContext.Current.CancellationToken);
        }

        var file = _fixture.Files().Single();
        var bytes = await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken);
        bytes[bytes.AsSpan().IndexOf(gaps[damagedIndex]) + 1] ^= 4;
        await File.WriteAllBytesAsync(file, bytes, TestContext.Current.CancellationToken);
        _fixture.Sink.ResumeAcknowledging();
        var sentBefore = _fixture.Sink.HandedOver.Count;
        await using var next = _fixture.Open();

        await DeliveryFixture.UntilAsync(() => _fixture.Sink.HandedOver.Count == sentBefore + 2 && next.GetStatus().Records == 0);

        _fixture.GapsLost.ShouldBe([partition]);
        _fixture.Missed.ShouldBeEmpty();
    }

    private static byte[] Ticks(Symbol symbol, long at)
    {
        var builder = new TickBatchBuilder(symbol.PartitionOf(4), TickSource.Live);
        builder.Add(new Tick { Symbol = symbol, Kind = TickKind.Quote, TimestampMs = at, ReceivedMs = at });
        return builder.ToRecord();
    }

    private static Symbol Symbol(int number) =>
        CloudTicks.Ticks.Symbol.TryParse(Market.Stock, $"SYM{number}", out var symbol) ? symbol
            : throw new ArgumentException("Not a symbol", nameof(number));
}
