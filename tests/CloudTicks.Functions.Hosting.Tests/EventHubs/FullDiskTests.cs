using System.Diagnostics.Metrics;

namespace CloudTicks.Functions.Hosting.Tests.EventHubs;

public sealed class FullDiskTests
{
    /// <summary>Two a second, so that the refusals outlast a session that is not kept alive.</summary>
    private const int RefusedCheckpoints = 20;

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Full_disk_of_the_hub_is_said_by_its_own_reason_and_costs_no_partition()
    {
        await using var disk = await SmallDisk.TryMountAsync(16, Stop);
        Assert.SkipWhen(disk is null, "a file system of its own can be mounted by root only");
        await using var hub = await EventHubProcess.StartAsync(
            Path.Combine(disk.Path, "hub"), ["--EventHub:MinFreeBytes", "4000000"], cancellationToken: Stop);
        using var topic = new TestTopic(hub.BootstrapServers);
        var recorder = new Recorder();
        await using var host = await TestHost.StartAsync(topic, recorder, "--FunctionsHosting:SessionTimeout=00:00:06");
        await topic.ProduceAsync(0, 100);
        var goOn = new TaskCompletionSource();
        recorder.OnBatch = (_, _, _) => goOn.Task;
        await topic.ProduceAsync(100, 100);
        using var refused = new Refusals(RefusedCheckpoints);

        using (disk.Fill())
        {
            goOn.SetResult();
            await recorder.WhenAsync(got => got.Count >= 200);
            await refused.Reached.WaitAsync(TimeSpan.FromSeconds(60), Stop);
            (await host.DescriptionAsync()).ShouldMatch("takes no checkpoints of RecordEvents: (less than|the disk is full)");
        }

        await host.Lines.LineAsync("checkpoints of");
        await host.Lines.LineAsync("are taken again");
        await topic.ProduceAsync(200, 100);
        await recorder.WhenAsync(got => got.Count >= 300);

        host.Lines.Warnings.ShouldHaveSingleItem().ShouldMatch("are free|the disk is full");
        host.Lines.All.Count(line => line.Contains("has 4 partitions", StringComparison.Ordinal)).ShouldBe(1);
        recorder.Deliveries.Select(one => one.Text).Distinct().Count().ShouldBe(recorder.Deliveries.Count, "nothing is delivered again");
        (await host.HealthAsync()).Status.ShouldBe(200);
    }

    /// <summary>Counts the checkpoints that the event hub refuses.</summary>
    private sealed class Refusals : IDisposable
    {
        private readonly MeterListener _listener = new();
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private int _count;

        public Refusals(int number)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                if (instrument.Name == "cloudticks.functions.failed.checkpoints")
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            };
            _listener.SetMeasurementEventCallback<long>((_, _, _, _) =>
            {
                if (Interlocked.Increment(ref _count) == number)
                {
                    _reached.TrySetResult();
                }
            });
            _listener.Start();
        }

        public Task Reached => _reached.Task;

        public void Dispose() => _listener.Dispose();
    }
}
