namespace CloudTicks.Functions.Hosting.Tests.EventHubs;

public sealed class DeliveryTests(EventHubFixture hub) : IClassFixture<EventHubFixture>
{
    [Fact]
    public async Task Events_of_a_partition_arrive_in_order_in_batches()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 2_000);
        var released = new TaskCompletionSource();
        var recorder = new Recorder { OnBatch = (_, _, cancellationToken) => released.Task.WaitAsync(cancellationToken) };

        await using var host = await TestHost.StartAsync(topic, recorder);
        await host.Counters.WhenAsync("cloudticks.functions.received.events", 2_000);
        released.SetResult();
        await recorder.WhenAsync(got => got.Count >= 2_000);

        ShouldBeInOrder(recorder, 2_000);
        recorder.BatchSizes.Max().ShouldBe(50, "host.json sets it, and the host had all records before the first call ended");
        (await host.HealthAsync()).ShouldBe((200, "Healthy"));
    }

    [Fact]
    public async Task Event_has_its_bytes_headers_and_offset()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        var before = TimeProvider.System.GetUtcNow();
        await topic.ProduceAsync(7, 1, partition: 3);
        var received = new TaskCompletionSource<(string?, string, long, string, DateTimeOffset)>();
        var recorder = new Recorder
        {
            OnBatch = (_, events, _) =>
            {
                received.TrySetResult((
                    events[0].OffsetString,
                    System.Text.Encoding.UTF8.GetString((byte[])events[0].Properties["feed"]),
                    events[0].SequenceNumber,
                    events[0].EventBody.ToString(),
                    events[0].EnqueuedTime));
                return Task.CompletedTask;
            },
        };

        await using var host = await TestHost.StartAsync(topic, recorder);
        await recorder.WhenAsync(got => got.Count > 0);

        var (offset, feed, sequence, body, time) = await received.Task;
        (offset, feed, sequence, body).ShouldBe(("0", "simulated", 0L, "7"));
        time.ShouldBeInRange(before.AddSeconds(-1), TimeProvider.System.GetUtcNow());
        recorder.Deliveries.Single().Partition.ShouldBe(3);
    }

    [Fact]
    public async Task Host_resumes_at_the_checkpoint()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 200);
        var before = new Recorder();
        await using (var host = await TestHost.StartAsync(topic, before))
        {
            await before.WhenAsync(got => got.Count >= 200);
            await host.StopAsync();
        }

        (await topic.CheckpointsAsync()).Values.ShouldBe([50, 50, 50, 50]);
        await topic.ProduceAsync(200, 100);
        var after = new Recorder();
        await using (await TestHost.StartAsync(topic, after))
        {
            await after.WhenAsync(got => got.Count >= 100);
        }

        after.Deliveries.Select(one => int.Parse(one.Text, null)).Order().ShouldBe(Enumerable.Range(200, 100));
    }

    [Fact]
    public async Task Stop_waits_for_the_running_call_and_keeps_its_checkpoint()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 10, partition: 0);
        var running = new TaskCompletionSource();
        var resume = new TaskCompletionSource();
        var recorder = new Recorder
        {
            OnBatch = async (_, _, cancellationToken) =>
            {
                running.TrySetResult();
                await resume.Task.WaitAsync(cancellationToken);
            },
        };
        await using var host = await TestHost.StartAsync(topic, recorder, "--FunctionsHosting:DrainTimeout=00:01:00");
        await running.Task.WaitAsync(TestContext.Current.CancellationToken);

        var stopped = host.StopAsync();
        resume.SetResult();
        await stopped;

        var deliveredCount = recorder.Deliveries.Count;
        deliveredCount.ShouldBeGreaterThan(0);
        (await topic.CheckpointsAsync())[0].ShouldBe(deliveredCount);
    }

    [Fact]
    public async Task Stop_cancels_a_slow_call_without_a_checkpoint()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 10, partition: 0);
        var running = new TaskCompletionSource();
        var recorder = new Recorder
        {
            OnBatch = async (_, _, cancellationToken) =>
            {
                running.TrySetResult();
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
            },
        };
        await using var host = await TestHost.StartAsync(topic, recorder, "--FunctionsHosting:DrainTimeout=00:00:00.100");
        await running.Task.WaitAsync(TestContext.Current.CancellationToken);

        await host.StopAsync();

        recorder.Deliveries.ShouldBeEmpty();
        (await topic.CheckpointsAsync()).Keys.ShouldNotContain(0);
    }

    [Fact]
    public async Task Hanging_calls_do_not_block_another_function()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        var recorder = new Recorder();
        await using var host = await TestHost.StartAsync(
            [typeof(RecordEvents), typeof(BlockedEvents)], topic, recorder, $"--blocked-group={topic.Group}-blocked",
            "--FunctionsHosting:MaxConcurrentInvocations=1", "--FunctionsHosting:DrainTimeout=00:00:00.200");
        await topic.ProduceAsync(0, 1);
        await recorder.Blocked.Task.WaitAsync(TestContext.Current.CancellationToken);

        await topic.ProduceAsync(1, 40);

        await recorder.WhenAsync(got => got.Count >= 41);
    }

    [Fact]
    public async Task Backlog_larger_than_the_buffer_is_delivered_completely()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 64, padding: 100_000);
        var recorder = new Recorder();

        await using var host = await TestHost.StartAsync(
            topic, recorder, "--FunctionsHosting:MaxBufferedBytes=1048576", "--FunctionsHosting:MaxBatchBytes=250000");
        await recorder.WhenAsync(got => got.Count >= 64);

        ShouldBeInOrder(recorder, 64);
        recorder.BatchSizes.Max().ShouldBeLessThanOrEqualTo(2, "a third event would exceed the maximum size of a batch");
    }

    private static void ShouldBeInOrder(Recorder recorder, int events)
    {
        var deliveries = recorder.Deliveries;
        deliveries.Count.ShouldBe(events);
        foreach (var partition in deliveries.GroupBy(one => one.Partition))
        {
            partition.Select(one => one.Offset).ShouldBe(Enumerable.Range(0, events / TestTopic.Partitions).Select(offset => (long)offset));
            partition.Select(one => int.Parse(one.Text.Trim(), null)).ShouldBe(
                Enumerable.Range(0, events / TestTopic.Partitions).Select(i => (i * TestTopic.Partitions) + partition.Key));
        }
    }
}
