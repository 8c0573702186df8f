using System.Collections.Concurrent;

namespace CloudTicks.Functions.Hosting.Tests.EventHubs;

public sealed class RebalanceTests(EventHubFixture hub) : IClassFixture<EventHubFixture>
{
    [Fact]
    public async Task Partitions_of_a_killed_host_move_without_loss()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 400);
        await using var app = await AppProcess.StartAsync(topic);
        await app.FirstEvent;

        await app.KillAsync();
        var survivor = new Recorder();
        await using var host = await TestHost.StartAsync(topic, survivor);
        await topic.ProduceAsync(400, 400);
        await survivor.WhenAsync(got => got.Concat(app.Deliveries).Select(one => one.Text).Distinct().Count() >= 800);

        survivor.Deliveries.GroupBy(one => one.Partition).ShouldAllBe(
            partition => partition.Select(one => one.Offset).SequenceEqual(partition.Select(one => one.Offset).Order()));
    }

    [Fact]
    public async Task SIGTERM_ends_the_host_and_repeats_nothing()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 4_000);
        await using var app = await AppProcess.StartAsync(topic, TestHost.PatientSettings);
        await app.FirstEvent;

        (await app.TerminateAsync()).ShouldBe(0);
        var next = new Recorder();
        await using var host = await TestHost.StartAsync(topic, next);
        await next.WhenAsync(got => got.Count + app.Deliveries.Count >= 4_000);
        await topic.ProduceAsync(4_000, 4);
        await next.WhenAsync(got => got.Count(one => int.Parse(one.Text, null) >= 4_000) == 4);

        next.Deliveries.Concat(app.Deliveries).Select(one => int.Parse(one.Text, null)).Order().ShouldBe(Enumerable.Range(0, 4_004));
    }

    [Fact]
    public async Task Two_hosts_share_partitions_until_one_stops()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        var (first, second) = (new Recorder(), new Recorder());
        await topic.ProduceAsync(0, 40);
        await using var stayingHost = await TestHost.StartAsync(topic, first);
        await first.WhenAsync(got => got.Count >= 40);
        await using var leavingHost = await TestHost.StartAsync(topic, second);
        var producedCount = 40;
        while (second.Deliveries.Count == 0)
        {
            // The second host has no partition yet; until it has one, it is unknown which host receives the next events.
            await topic.ProduceAsync(producedCount, 40);
            producedCount += 40;
            var expectedCount = producedCount;
            await WhenBothAsync(first, second, expectedCount);
        }

        first.Deliveries.Select(one => one.Partition).Distinct().Count().ShouldBe(TestTopic.Partitions);
        second.Deliveries.Select(one => one.Partition).Distinct().Count().ShouldBeLessThan(TestTopic.Partitions);
        await leavingHost.StopAsync();
        await topic.ProduceAsync(producedCount, 40);
        await WhenBothAsync(first, second, producedCount + 40);

        first.Deliveries.Concat(second.Deliveries).Select(one => int.Parse(one.Text, null)).Order()
            .ShouldBe(Enumerable.Range(0, producedCount + 40), "all hosts shut down cleanly, so nothing is delivered twice either");
    }

    [Fact]
    public async Task Partition_is_released_after_the_running_call_has_ended()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 8);
        var running = new ConcurrentDictionary<int, int>();
        var overlaps = 0;
        var firstCalls = new CountdownEvent(TestTopic.Partitions);
        var first = new Recorder
        {
            OnBatch = async (partition, events, cancellationToken) =>
            {
                running[partition] = 1;
                firstCalls.Signal();
                try
                {
                    await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, cancellationToken);
                }
                finally
                {
                    running.Remove(partition, out var _);
                }
            },
        };
        var second = new Recorder
        {
            OnBatch = (partition, _, _) =>
            {
                Interlocked.Add(ref overlaps, running.ContainsKey(partition) ? 1 : 0);
                return Task.CompletedTask;
            },
        };
        await using var holdingHost = await TestHost.StartAsync(topic, first, "--FunctionsHosting:DrainTimeout=00:00:00.200");
        firstCalls.Wait(TestContext.Current.CancellationToken);

        first.OnBatch = (_, _, _) => Task.CompletedTask;
        await using var joiningHost = await TestHost.StartAsync(topic, second);
        await WhenBothAsync(first, second, 8);

        overlaps.ShouldBe(0);
        first.Deliveries.Concat(second.Deliveries).Select(one => one.Text).Order().ShouldBe(Enumerable.Range(0, 8).Select(i => $"{i}"));
    }

    [Fact]
    public async Task Stopped_host_completes_and_checkpoints_the_running_call()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 1, partition: 0);
        var (called, released) = (new TaskCompletionSource(), new TaskCompletionSource());
        var recorder = new Recorder
        {
            OnBatch = (_, _, cancellationToken) =>
            {
                called.TrySetResult();
                return released.Task.WaitAsync(cancellationToken);
            },
        };
        await using var host = await TestHost.StartAsync(topic, recorder, "--FunctionsHosting:DrainTimeout=00:01:00");
        await called.Task.WaitAsync(TestContext.Current.CancellationToken);

        var stopped = host.StopAsync();
        await host.Lines.LineAsync("gives up");
        (await topic.CheckpointsAsync()).ShouldBeEmpty("the call still runs");
        released.SetResult();
        await stopped;

        recorder.Deliveries.Select(one => one.Text).ShouldBe(["0"], "the call was not cancelled");
        (await topic.CheckpointsAsync()).ShouldBe(new Dictionary<int, long> { [0] = 1 }, "so the next host does not repeat it");
    }

    [Fact]
    public async Task Revoked_full_partition_is_later_read_to_its_end()
    {
        using var topic = new TestTopic(hub.BootstrapServers);
        // Each partition's share is 256 KiB: the first events fill it while the function is busy, so that reading pauses.
        await topic.ProduceAsync(0, 40, partition: 0, padding: 20_000);
        var released = new TaskCompletionSource();
        var first = new Recorder { OnBatch = (_, _, cancellationToken) => released.Task.WaitAsync(cancellationToken) };
        await using var stayingHost = await TestHost.StartAsync(
            topic, first, "--FunctionsHosting:MaxBufferedBytes=1048576", "--FunctionsHosting:DrainTimeout=00:00:00.200");
        await stayingHost.Counters.WhenAsync("cloudticks.functions.received.events", 13);

        await using (await TestHost.StartAsync(topic, first, "--FunctionsHosting:DrainTimeout=00:00:00.200"))
        {
            await stayingHost.Lines.LineAsync("gives up");
        }

        // This also releases calls that already wait: the staying host may have received the partition again, and called the function,
        // before the other host stopped.
        released.SetResult();
        await first.WhenAsync(got => got.Select(one => one.Offset).Distinct().Count() >= 40);
    }

    private static async Task WhenBothAsync(Recorder first, Recorder second, int events)
    {
        bool Reached() => first.Deliveries.Concat(second.Deliveries).Select(one => one.Text).Distinct().Count() >= events;
        while (!Reached())
        {
            var (one, two) = (first.Deliveries.Count, second.Deliveries.Count);
            await Task.WhenAny(
                first.WhenAsync(got => got.Count > one || Reached()),
                second.WhenAsync(got => got.Count > two || Reached()));
        }
    }
}
