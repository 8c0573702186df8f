using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;

namespace CloudTicks.EventStream.Tests.Records;

public sealed class RecordTests(MockCluster cluster) : IClassFixture<MockCluster>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Records_are_read_in_order_with_headers_and_offsets()
    {
        const string topic = "in_order";
        await using var producer = Clients.Producer(cluster.Connection);
        var delivered = new List<Task<long>>();
        for (var i = 0; i < 1_000; i++)
        {
            delivered.Add(await producer.SendAsync(
                topic, 2, Clients.Bytes($"{i}"), [RecordHeader.FromText("feed", "simulated")], Cancellation));
        }

        (await Task.WhenAll(delivered)).ShouldBe(Enumerable.Range(0, 1_000).Select(i => (long)i));
        var read = await Clients.Consumer(cluster.Connection).ReadAsync(topic, [new OffsetRange(2, 0, 1_000)], Cancellation)
            .ToListAsync(Cancellation);
        read.Select(Clients.Text).ShouldBe(Enumerable.Range(0, 1_000).Select(i => $"{i}"));
        read.ShouldAllBe(record => record.HeaderText("feed") == "simulated" && record.Origin.Partition == 2);
        read[^1].Origin.ShouldBe(new RecordOrigin(topic, 2, 999));
    }

    [Fact]
    public async Task Ranges_of_several_partitions_end_before_their_end_offset()
    {
        const string topic = "ranges";
        await using var producer = Clients.Producer(cluster.Connection);
        for (var i = 0; i < 40; i++)
        {
            await producer.SendAsync(topic, i % 4, Clients.Bytes($"{i}"), [], Cancellation);
        }

        await producer.FlushAsync(Cancellation);
        OffsetRange[] ranges = [new(0, 2, 5), new(1, 9, 10), new(2, 3, 3), new(3, 0, 1)];

        var read = await Clients.Consumer(cluster.Connection).ReadAsync(topic, ranges, Cancellation).ToListAsync(Cancellation);

        read.Select(record => (record.Origin.Partition, record.Origin.Offset)).Order()
            .ShouldBe([(0, 2), (0, 3), (0, 4), (1, 9), (3, 0)]);
    }

    [Fact]
    public async Task Range_that_ends_after_the_last_record_waits_for_more()
    {
        const string topic = "waits";
        await using var producer = Clients.Producer(cluster.Connection);
        await await producer.SendAsync(topic, 0, Clients.Bytes("first"), [], Cancellation);
        await using var reader = Clients.Consumer(cluster.Connection)
            .ReadAsync(topic, [new OffsetRange(0, 0, 2)], Cancellation).GetAsyncEnumerator(Cancellation);
        (await reader.MoveNextAsync()).ShouldBeTrue();

        var second = reader.MoveNextAsync();
        await await producer.SendAsync(topic, 0, Clients.Bytes("second"), [], Cancellation);

        (await second).ShouldBeTrue();
        Clients.Text(reader.Current).ShouldBe("second");
        (await reader.MoveNextAsync()).ShouldBeFalse();
    }

    [Fact]
    public async Task Range_outside_the_log_fails()
    {
        const string topic = "out_of_range";
        await using var producer = Clients.Producer(cluster.Connection);
        await await producer.SendAsync(topic, 0, Clients.Bytes("only"), [], Cancellation);

        var reading = Clients.Consumer(cluster.Connection).ReadAsync(topic, [new OffsetRange(0, 7, 9)], Cancellation);

        var refusal = await Should.ThrowAsync<OffsetOutOfRangeException>(async () => await reading.ToListAsync(Cancellation));
        refusal.Message.ShouldContain($"{topic}/0");
    }

    [Fact]
    public async Task Full_budget_blocks_until_acknowledgements()
    {
        using var hub = new MockCluster();
        await using var producer = Clients.Producer(hub.Connection, new RecordProducerOptions { MaxInFlightBytes = 1 << 20 });
        var value = new byte[400_000];
        var deliveries = new List<Task<long>>();
        for (var i = 0; i < 20; i++)
        {
            deliveries.Add(await producer.SendAsync("budget", 0, value, [], Cancellation));
            producer.InFlightBytes.ShouldBeLessThanOrEqualTo(1 << 20);
        }

        (await Task.WhenAll(deliveries)).Length.ShouldBe(20);
        await producer.FlushAsync(Cancellation);
        producer.InFlightBytes.ShouldBe(0);
    }

    [Fact]
    public async Task Too_large_record_is_rejected_and_the_next_is_accepted()
    {
        await using var producer = Clients.Producer(cluster.Connection);

        var refusal = await Should.ThrowAsync<EventStreamException>(
            async () => await await producer.SendAsync("large", 0, new byte[1_100_000], [], Cancellation));

        refusal.Code.ShouldBe(Confluent.Kafka.ErrorCode.MsgSizeTooLarge);
        producer.InFlightBytes.ShouldBe(0);
        (await await producer.SendAsync("large", 0, Clients.Bytes("small"), [], Cancellation)).ShouldBe(0);
    }

    [Fact]
    public async Task Stop_during_an_outage_fails_waiting_records()
    {
        var stoppedCluster = new MockCluster();
        stoppedCluster.Dispose();
        var producer = Clients.Producer(stoppedCluster.Connection, new RecordProducerOptions { DrainTimeout = TimeSpan.Zero });
        var delivered = await producer.SendAsync("away", 0, Clients.Bytes("waits"), [], Cancellation);

        await producer.DisposeAsync();

        (await Should.ThrowAsync<EventStreamException>(() => delivered)).Message.ShouldContain("stopped");
        await Should.ThrowAsync<ObjectDisposedException>(
            async () => await producer.SendAsync("away", 0, Clients.Bytes("late"), [], Cancellation));
    }

    [Fact]
    public async Task Dead_letter_contains_bytes_reason_and_origin()
    {
        await using var producer = Clients.Producer(cluster.Connection);
        var letters = new DeadLetters(producer);

        var offset = await letters.WriteAsync(Clients.Bytes("???"), "no TickBatch", new RecordOrigin("tick_archive", 7, 42), Cancellation);

        var letter = await Clients.Consumer(cluster.Connection)
            .ReadAsync(TopicNames.DeadLetters, [new OffsetRange(0, offset, offset + 1)], Cancellation).SingleAsync(Cancellation);
        Clients.Text(letter).ShouldBe("???");
        letter.HeaderText("reason").ShouldBe("no TickBatch");
        (letter.HeaderText("topic"), letter.HeaderText("partition"), letter.HeaderText("offset")).ShouldBe(("tick_archive", "7", "42"));
    }

    [Fact]
    public async Task Dead_letter_of_the_largest_record_is_truncated()
    {
        await using var producer = Clients.Producer(cluster.Connection);

        var offset = await new DeadLetters(producer).WriteAsync(new byte[999_000], "no TickBatch", null, Cancellation);

        var letter = await Clients.Consumer(cluster.Connection)
            .ReadAsync(TopicNames.DeadLetters, [new OffsetRange(0, offset, offset + 1)], Cancellation).SingleAsync(Cancellation);
        letter.Value.Length.ShouldBe(900_000);
        letter.HeaderText("reason")!.ShouldContain("999000 bytes");
    }

    [Fact]
    public async Task Watermarks_are_read_for_each_partition()
    {
        const string topic = "watermarks";
        await using var producer = Clients.Producer(cluster.Connection);
        for (var i = 0; i < 3; i++)
        {
            await await producer.SendAsync(topic, 1, Clients.Bytes("x"), [], Cancellation);
        }

        var positions = Clients.Positions(cluster.Connection);

        (await positions.GetWatermarksAsync(topic, Cancellation)).ShouldBe([new(0, 0, 0), new(1, 0, 3), new(2, 0, 0), new(3, 0, 0)]);
        (await positions.GetCommittedAsync("nobody", topic, Cancellation)).ShouldBeEmpty();
    }
}
