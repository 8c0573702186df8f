using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Apis;

public sealed class FetchApiTests : IAsyncLifetime
{
    private const int LongWaitMs = 120_000;
    private const int Appends = 100;
    private static readonly TimeSpan ClockStep = TimeSpan.FromMilliseconds(4);
    private RunningHub _hub = null!;
    private WireClient _client = null!;
    private WireClient _producer = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync();
        _client = await WireClient.ConnectAsync(_hub.Address);
        _producer = await WireClient.ConnectAsync(_hub.Address);
        (await _client.CreateTopicAsync("ticks", 2)).ShouldBe(ErrorCode.None);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _producer.Dispose();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Append_completes_long_poll()
    {
        var fetch = _client.FetchAsync("ticks", 0, 0, waitMs: LongWaitMs);
        (await _producer.ProduceAsync("ticks", 1, Batches.Of("other partition"))).Error.ShouldBe(ErrorCode.None);
        fetch.IsCompleted.ShouldBeFalse();
        (await _producer.ProduceAsync("ticks", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
        var fetched = await fetch;
        Batches.Read(fetched.Records).ShouldBe([(0, "a")]);
        fetched.HighWatermark.ShouldBe(1);
    }

    [Fact]
    public async Task Long_poll_waits_for_min_bytes()
    {
        var batch = Batches.Of("a");
        var fetch = _client.FetchAsync("ticks", 0, 0, waitMs: LongWaitMs, minBytes: batch.Length + 1);
        await _producer.ProduceAsync("ticks", 0, batch);
        fetch.IsCompleted.ShouldBeFalse();
        await _producer.ProduceAsync("ticks", 0, Batches.Of("b"));
        Batches.Read((await fetch).Records).ShouldBe([(0, "a"), (1, "b")]);
    }

    [Fact]
    public async Task Long_poll_without_records_times_out_empty()
    {
        var fetched = await _client.FetchAsync("ticks", 0, 0, waitMs: 20);
        fetched.ShouldBe(new Fetched(ErrorCode.None, 0, 0, fetched.Records));
        fetched.Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task Busy_stream_gets_fewer_responses_than_appends()
    {
        var time = new TestTime();
        await using var hub = await RunningHub.StartAsync(time);
        using var consumer = await WireClient.ConnectAsync(hub.Address);
        using var producer = await WireClient.ConnectAsync(hub.Address);
        (await producer.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        var (responses, offset) = (0, 0L);
        async Task ConsumeAsync()
        {
            while (offset < Appends)
            {
                offset += Batches.Read((await consumer.FetchAsync("ticks", 0, offset, waitMs: LongWaitMs)).Records).Count;
                Interlocked.Increment(ref responses);
            }
        }

        var consuming = ConsumeAsync();
        for (var i = 0; i < Appends; i++)
        {
            (await producer.ProduceAsync("ticks", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
        }

        Volatile.Read(ref responses).ShouldBeLessThan(6, "the clock does not advance, so later records wait");
        while (await Task.WhenAny(consuming, time.UntilTimerAsync(ClockStep, TestContext.Current.CancellationToken)) != consuming)
        {
            time.Advance(ClockStep);
        }

        await consuming;
        responses.ShouldBeLessThan(10);

        // This is the last advance of the clock, so the following response must not wait for time to pass.
        time.Advance(TimeSpan.FromMinutes(1));
        var first = consumer.FetchAsync("ticks", 0, offset, waitMs: LongWaitMs);
        await producer.ProduceAsync("ticks", 0, Batches.Of("first after the pause"));
        Batches.Read((await first).Records).ShouldBe([(offset, "first after the pause")]);
    }

    [Fact]
    public async Task Topic_deletion_completes_long_poll()
    {
        var fetch = _client.FetchAsync("ticks", 0, 0, waitMs: LongWaitMs);
        await _producer.CallAsync(ApiKey.DeleteTopics, 1, static w =>
        {
            w.WriteInt32(1);
            w.WriteString("ticks");
            w.WriteInt32(1000);
        });
        (await fetch).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Offset_outside_log_fails_immediately()
    {
        await _producer.ProduceAsync("ticks", 0, Batches.Of("a"));
        (await _client.FetchAsync("ticks", 0, 2, waitMs: LongWaitMs)).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
        (await _client.FetchAsync("ticks", 0, -1, waitMs: LongWaitMs)).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
        (await _client.FetchAsync("ticks", 9, 0, waitMs: LongWaitMs)).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await _client.FetchAsync("none", 0, 0, waitMs: LongWaitMs)).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Offset_inside_batch_returns_whole_batch()
    {
        await _producer.ProduceAsync("ticks", 0, Batches.Of("a", "b", "c"));
        await _producer.ProduceAsync("ticks", 0, Batches.Of("d", "e"));
        Batches.Read((await _client.FetchAsync("ticks", 0, 4)).Records).ShouldBe([(3, "d"), (4, "e")]);
        Batches.Read((await _client.FetchAsync("ticks", 0, 1)).Records).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Byte_limit_returns_whole_batches_and_at_least_one()
    {
        var big = Batches.Of(new string('x', 5000));
        await _producer.ProduceAsync("ticks", 0, big);
        await _producer.ProduceAsync("ticks", 0, Batches.Of("b"));
        (await _client.FetchAsync("ticks", 0, 0, partitionBytes: 100)).Records.Length.ShouldBe(big.Length);
        (await _client.FetchAsync("ticks", 0, 0, maxBytes: big.Length + 3)).Records.Length.ShouldBe(big.Length);
    }

    [Fact]
    public async Task Many_segments_are_read_as_one_log()
    {
        (await _client.CreateTopicAsync("rolled", 1, ("segment.bytes", "65536"))).ShouldBe(ErrorCode.None);
        for (var i = 0; i < 60; i++)
        {
            (await _producer.ProduceAsync("rolled", 0, Batches.Of($"{i}", new string('x', 9000)))).Error.ShouldBe(ErrorCode.None);
        }

        for (var from = 0; from < 120; from += 7)
        {
            var offset = (long)from;
            while (offset < 120)
            {
                var records = Batches.Read((await _client.FetchAsync("rolled", 0, offset)).Records);
                records[0].Offset.ShouldBeInRange(offset - 1, offset);
                records.Select(r => r.Offset).ShouldBe(Enumerable.Range((int)records[0].Offset, records.Count).Select(i => (long)i));
                offset = records[^1].Offset + 1;
            }
        }
    }

    [Fact]
    public async Task Timestamp_lookup_finds_offsets()
    {
        for (var i = 0; i < 500; i++)
        {
            await _producer.ProduceAsync(
                "ticks", 0, Batches.Of([$"{i}", new string('x', 400)], timestamp: Batches.FirstTimestamp + (i * 1000)));
        }

        (await _client.ListOffsetAsync("ticks", 0, -2)).ShouldBe((ErrorCode.None, 0L));
        (await _client.ListOffsetAsync("ticks", 0, -1)).ShouldBe((ErrorCode.None, 1000L));
        (await _client.ListOffsetAsync("ticks", 0, 0)).ShouldBe((ErrorCode.None, 0L));
        (await _client.ListOffsetAsync("ticks", 0, Batches.FirstTimestamp + 250_000)).ShouldBe((ErrorCode.None, 500L));
        (await _client.ListOffsetAsync("ticks", 0, Batches.FirstTimestamp + 250_001)).ShouldBe((ErrorCode.None, 501L));
        (await _client.ListOffsetAsync("ticks", 0, Batches.FirstTimestamp + 250_002)).ShouldBe((ErrorCode.None, 502L));
        (await _client.ListOffsetAsync("ticks", 0, Batches.FirstTimestamp + 1_000_000)).ShouldBe((ErrorCode.None, -1L));
    }
}
