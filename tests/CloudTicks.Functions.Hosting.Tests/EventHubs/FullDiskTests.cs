namespace CloudTicks.Functions.Hosting.Tests.EventHubs;

public sealed class FullDiskTests
{
    /// <summary>The number of refused checkpoints to wait for. At two per second, the wait is longer than the session timeout.</summary>
    private const int RefusedCheckpoints = 30;

    private const string RefusedCounter = "cloudticks.functions.failed.checkpoints";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_disk_of_the_hub_is_reported_and_loses_no_partition()
    {
        await using var disk = await SmallDisk.TryMountAsync(16, Cancellation);
        Assert.SkipWhen(disk is null, "only root can mount a separate file system");
        await using var hub = await EventHubProcess.StartAsync(
            Path.Combine(disk.Path, "hub"), ["--EventHub:MinFreeBytes", "4000000"], cancellationToken: Cancellation);
        using var topic = new TestTopic(hub.BootstrapServers);
        var recorder = new Recorder();
        await using var host = await TestHost.StartAsync(topic, recorder, "--FunctionsHosting:SessionTimeout=00:00:12");
        await topic.ProduceAsync(0, 100);
        var resume = new TaskCompletionSource();
        recorder.OnBatch = (_, _, _) => resume.Task;
        await topic.ProduceAsync(100, 100);
        var refusedBefore = host.Counters[RefusedCounter];

        using (disk.Fill())
        {
            resume.SetResult();
            await recorder.WhenAsync(got => got.Count >= 200);
            await host.Counters.WhenAsync(RefusedCounter, refusedBefore + RefusedCheckpoints);
            (await host.DescriptionAsync()).ShouldMatch("accepts no checkpoints of RecordEvents: (less than|the disk is full)");
        }

        await host.Lines.LineAsync("checkpoints of");
        await host.Lines.LineAsync("are accepted again");
        await topic.ProduceAsync(200, 100);
        await recorder.WhenAsync(got => got.Count >= 300);

        host.Lines.WarningsAndErrors.ShouldHaveSingleItem().ShouldMatch("are free|the disk is full");
        host.Lines.All.Count(line => line.Contains("has 4 partitions", StringComparison.Ordinal)).ShouldBe(1);
        recorder.Deliveries.Select(one => one.Text).Distinct().Count().ShouldBe(recorder.Deliveries.Count, "nothing is delivered again");
        (await host.HealthAsync()).Status.ShouldBe(200);
    }
}
