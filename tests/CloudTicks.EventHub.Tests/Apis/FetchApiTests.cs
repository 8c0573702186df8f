using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Apis;

public sealed class FetchApiTests : IAsyncLifetime
{
    private const int Forever = 120_000;
    private const int Appends = 100;
    private static readonly TimeSpan Moment = TimeSpan.FromMilliseconds(4);
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
    public async Task Long_poll_is_answered_by_an_append()
    {
        var fetch = _client.FetchAsync("ticks", 0, 0, waitMs: Forever);
        (await _producer.ProduceAsync("ticks", 1, Batches.Of("other partition"))).Error.ShouldBe(ErrorCode.None);
        fetch.IsCompleted.ShouldBeFalse();
        (await _producer.ProduceAsync("ticks", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
        var fetched = await fetch;
        Batches.Read(fetched.Records).ShouldBe([(0, "a")]);
        fetched.HighWatermark.ShouldBe(1);
    }

    [Fact]
    public async Task Long_poll_waits_for_the_least_bytes()
    {
        var batch = Batches.Of("a");
        var fetch = _client.FetchAsync("ticks", 0, 0, waitMs: Forever, minBytes: batch.Length + 1);
        await _producer.ProduceAsync("ticks", 0, batch);
        fetch.IsCompleted.ShouldBeFalse();
        await _producer.ProduceAsync("ticks", 0, Batches.Of("b"));
        Batches.Read((await fetch).Records).ShouldBe([(0, "a"), (1, "b")]);
    }

    [Fact]
    public async Task Empty_long_poll_ends_with_empty_records()
    {
        var fetched = await _client.FetchAsync("ticks", 0, 0, waitMs: 20);
        fetched.ShouldBe(new Fetched(ErrorCode.None, 0, 0, fetched.Records));
        fetched.Records.ShouldBeEmpty();
    }

    [Fact]
    public async Task Busy_stream_gets_fewer_answers_than_appends_and_a_pause_ends_that()
    {
        var time = new TestTime();
        await using var hub = await RunningHub.StartAsync(time);
        using var consumer = await WireClient.ConnectAsync(hub.Address);
        using var producer = await WireClient.ConnectAsync(hub.Address);
        (await producer.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        var (answers, offset) = (0, 0L);
        async Task ConsumeAsync()
        {
            while (offset < Appends)
            {
                offset += Batches.Read((await consumer.FetchAsync("ticks", 0, offset, waitMs: Forever)).Records).Count;
                Interlocked.Increment(ref answers);
            }
        }

        var consuming = ConsumeAsync();
        for (var i = 0; i < Appends; i++)
        {
            (await producer.ProduceAsync("ticks", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
        }

        Volatile.Read(ref answers).ShouldBeLessThan(6, "the clock stands still, so the rest gathers");
        while (await Task.WhenAny(consuming, time.UntilTimerAsync(Moment, TestContext.Current.CancellationToken)) != consuming)
        {
            time.Advance(Moment);
        }

        await consuming;
        answers.ShouldBeLessThan(10);

        // The clock stands still from here: what is answered did not wait.
        time.Advance(TimeSpan.FromMinutes(1));
        var first = consumer.FetchAsync("ticks", 0, offset, waitMs: Forever);
        await producer.ProduceAsync("ticks", 0, Batches.Of("first after the pause"));
        Batches.Read((await first).Records).ShouldBe([(offset, "first after the pause")]);
    }

    [Fact]
    public async Task Deleting_the_topic_ends_a_long_poll()
    {
        var fetch = _client.FetchAsync("ticks", 0, 0, waitMs: Forever);
        await _producer.CallAsync(ApiKey.DeleteTopics, 1, static w =>
        {
            w.WriteInt32(1);
            w.WriteString("ticks");
            w.WriteInt32(1000);
        });
        (await fetch).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Offset_outside_the_log_is_an_error_at_once()
    {
        await _producer.ProduceAsync("ticks", 0, Batches.Of("a"));
        (await _client.FetchAsync("ticks", 0, 2, waitMs: Forever)).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
        (await _client.FetchAsync("ticks", 0, -1, waitMs: Forever)).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
        (await _client.FetchAsync("ticks", 9, 0, waitMs: Forever)).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await _client.FetchAsync("none", 0, 0, waitMs: Forever)).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Fact]
    public async Task Batch_that_contains_the_offset_comes_whole()
    {
        await _producer.ProduceAsync("ticks", 0, Batches.Of("a", "b", "c"));
        await _producer.ProduceAsync("ticks", 0, Batches.Of("d", "e"));
        Batches.Read((await _client.FetchAsync("ticks", 0, 4)).Records).ShouldBe([(3, "d"), (4, "e")]);
        Batches.Read((await _client.FetchAsync("ticks", 0, 1)).Records).Count.ShouldBe(5);
    }

    [Fact]
    public async Task Only_whole_batches_come_but_the_first_one_always()
    {
        var big = Batches.Of(new string('x', 5000));
        await _producer.ProduceAsync("ticks", 0, big);
        await _producer.ProduceAsync("ticks", 0, Batches.Of("b"));
        (await _client.FetchAsync("ticks", 0, 0, partitionBytes: 100)).Records.Length.ShouldBe(big.Length);
        (await _client.FetchAsync("ticks", 0, 0, maxBytes: big.Length + 3)).Records.Length.ShouldBe(big.Length);
    }

    [Fact]
    public async Task Many_segments_read_as_one_log()
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
    public async Task Offsets_are_found_by_time()
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
