namespace CloudTicks.Functions.Hosting.Tests.EventHubs;

public sealed class FullDiskTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Scratch()
    {
        await using var disk = await SmallDisk.TryMountAsync(24, Stop);
        await using var hub = await EventHubProcess.StartAsync(
            System.IO.Path.Combine(disk!.Path, "hub"), ["--EventHub:MinFreeBytes", "1000000"], Stop);
        using var topic = new TestTopic(hub.BootstrapServers);
        var recorder = new Recorder();
        await using var host = await TestHost.StartAsync(topic, recorder);
        await topic.ProduceAsync(0, 100);
        var hold = new TaskCompletionSource();
        await recorder.WhenAsync(got => got.Count >= 100);
        recorder.OnBatch = (_, _, _) => hold.Task;
        await topic.ProduceAsync(100, 100);
        using (disk.Fill())
        {
            hold.SetResult();
            for (var i = 0; i < 120; i++)
            {
                await Task.Delay(1000, Stop);
                if (i % 20 == 0) { Console.WriteLine($"{i} {await host.HealthAsync()}"); }
            }
        }
        Console.WriteLine(string.Join('\n', hub.Log));
        Console.WriteLine("----");
        Console.WriteLine(string.Join('\n', host.Lines.All));
    }
}
