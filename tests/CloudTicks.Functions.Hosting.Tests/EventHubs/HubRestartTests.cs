namespace CloudTicks.Functions.Hosting.Tests.EventHubs;

public sealed class HubRestartTests
{
    [Fact]
    public async Task Host_recovers_from_a_killed_hub_without_loss()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var topic = new TestTopic(hub.BootstrapServers);
        var recorder = new Recorder();
        await using var host = await TestHost.StartAsync(topic, recorder);
        for (var round = 0; round < 3; round++)
        {
            await topic.ProduceAsync(round * 200, 200);
            await hub.KillAsync();
            await hub.RestartAsync(TestContext.Current.CancellationToken);
        }

        await recorder.WhenAsync(got => got.Select(one => one.Text).Distinct().Count() >= 600);

        foreach (var partition in recorder.Deliveries.GroupBy(one => one.Partition))
        {
            partition.Select(one => one.Offset).Distinct().ShouldBe(Enumerable.Range(0, 150).Select(offset => (long)offset), "in order");
        }
    }

    [Fact]
    public async Task Host_stops_without_a_hub_and_the_next_one_loses_nothing()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 200);
        var recorder = new Recorder();
        // The host cannot leave its group, and the group survives the restart: the next host gets the partitions when the session of
        // this host has expired.
        await using (var host = await TestHost.StartAsync(topic, recorder, "--FunctionsHosting:SessionTimeout=00:00:10"))
        {
            await recorder.WhenAsync(got => got.Count >= 200);
            await hub.KillAsync();
            await host.StopAsync();
        }

        await hub.RestartAsync(TestContext.Current.CancellationToken);
        await topic.ProduceAsync(200, 200);
        await using var next = await TestHost.StartAsync(topic, recorder);
        await recorder.WhenAsync(got => got.Select(one => one.Text).Distinct().Count() >= 400);
    }

    [Fact]
    public async Task Recreated_stream_is_read_from_its_start()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var topic = new TestTopic(hub.BootstrapServers);
        var recorder = new Recorder();
        var last = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var hubIsGone = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        recorder.OnBatch = (_, events, _) =>
        {
            if (events.All(data => data.EventBody.ToString() != "40"))
            {
                return Task.CompletedTask;
            }

            last.TrySetResult();
            return hubIsGone.Task;
        };
        await using var host = await TestHost.StartAsync(topic, recorder);
        await topic.ProduceAsync(0, 40);
        await recorder.WhenAsync(got => got.Count >= 40);

        // The checkpoint of this event, which belongs to the old stream, cannot be committed before the event hub returns.
        await topic.ProduceAsync(40, 1);
        await last.Task.WaitAsync(TestContext.Current.CancellationToken);
        await hub.KillAsync();
        hubIsGone.SetResult();
        await recorder.WhenAsync(got => got.Count >= 41);
        Directory.Delete(hub.DataFolder, recursive: true);
        await hub.RestartAsync(TestContext.Current.CancellationToken);
        topic.Create();
        using var producer = topic.WithNewProducer();
        await producer.ProduceAsync(1000, 12);

        await recorder.WhenAsync(got => got.Count(one => one.Text.Length == 4) >= 12);
    }
}
