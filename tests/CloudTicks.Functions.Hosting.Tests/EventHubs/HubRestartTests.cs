namespace CloudTicks.Functions.Hosting.Tests.EventHubs;

public sealed class HubRestartTests
{
    [Fact]
    public async Task Host_goes_on_by_itself_after_the_hub_was_killed_and_nothing_is_lost()
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
    public async Task Host_stops_although_the_hub_is_away_and_the_next_one_loses_nothing()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);
        using var topic = new TestTopic(hub.BootstrapServers);
        await topic.ProduceAsync(0, 200);
        var recorder = new Recorder();
        await using (var host = await TestHost.StartAsync(topic, recorder))
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
}
