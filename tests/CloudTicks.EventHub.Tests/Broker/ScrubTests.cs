using System.Diagnostics.Metrics;
using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Broker;

public sealed class ScrubTests
{
    private const int MaxWaitMs = 240_000;
    private static readonly string[] FrequentScrub = ["--EventHub:ScrubInterval", "00:00:00.1"];

    [Fact(Timeout = MaxWaitMs)]
    public async Task Scrub_reports_damage_until_repaired()
    {
        await using var hub = await RunningHub.StartAsync(null, null, FrequentScrub);
        await FillAsync(hub);
        DataCopy.FlipBatch(hub.DataFolder, 0, 65);

        await hub.Log.UntilLineAsync("ticks[0] is damaged from offset 0 to 0");
        hub.Log.Lines.ShouldContain(
            line => line.Contains("Restore the file from a backup", StringComparison.Ordinal)
                && line.Contains(DataCopy.LogFile(hub.DataFolder), StringComparison.Ordinal));
        (await hub.HealthAsync()).ShouldBe("Degraded");

        DataCopy.FlipBatch(hub.DataFolder, 0, 65);
        await hub.Log.UntilLineAsync("ticks[0]: damage from offset 0 to 0 is repaired");
        (await hub.HealthAsync()).ShouldBe("Healthy");
        Directory.GetFiles(Path.Combine(hub.DataFolder, "damage")).ShouldBeEmpty();
        hub.Log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(1, "logged once");
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Event_hub_with_accepted_damage_is_healthy()
    {
        await using var hub = await RunningHub.StartAsync(null, null, [.. FrequentScrub, "--EventHub:UpkeepInterval", "00:00:00.1"]);
        await FillAsync(hub);
        DataCopy.FlipBatch(hub.DataFolder, 0, 65);
        await hub.Log.UntilLineAsync("ticks[0] is damaged from offset 0 to 0");
        var entry = Path.Combine(hub.DataFolder, "damage", "ticks-0-0-0.damaged");
        File.Move(entry, entry + ".accepted");
        await hub.Log.UntilLineAsync("ticks[0]: damage from offset 0 to 0 is accepted");
        (await hub.HealthAsync()).ShouldBe("Healthy");
    }

    [Fact(Timeout = MaxWaitMs)]
    public async Task Scrub_counts_all_bytes()
    {
        await using var hub = await RunningHub.StartAsync(null, null, FrequentScrub);
        var scrubbed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var scrubbedBytes = 0L;
        var expectedBytes = long.MaxValue;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, meterListener) =>
        {
            if (instrument.Meter.Scope == hub.Meters && instrument.Name == "eventhub.scrubbed")
            {
                meterListener.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) =>
        {
            if (Interlocked.Add(ref scrubbedBytes, value) >= Interlocked.Read(ref expectedBytes))
            {
                scrubbed.TrySetResult();
            }
        });
        listener.Start();
        await FillAsync(hub);
        Interlocked.Exchange(ref expectedBytes, 20L * Batches.Of("record 0").Length);

        await scrubbed.Task;
        hub.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Zero_rate_disables_scrub()
    {
        using var folder = new HubFolder();
        await using var storage = new TestStorage(folder.Data);
        await using var scrub = new Scrub(storage.Hub, 0, TimeSpan.FromSeconds(1), TimeProvider.System, storage.Metrics, storage.Log);
        scrub.Completion.IsCompleted.ShouldBeTrue();
    }

    private static async Task FillAsync(RunningHub hub)
    {
        using var client = await WireClient.ConnectAsync(hub.Address);
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        for (var i = 0; i < 20; i++)
        {
            (await client.ProduceAsync("ticks", 0, Batches.Of($"record {i}"))).Error.ShouldBe(ErrorCode.None);
        }
    }
}
