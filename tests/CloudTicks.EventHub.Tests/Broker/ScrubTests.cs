using System.Diagnostics.Metrics;
using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Broker;

public sealed class ScrubTests
{
    private const int Patience = 120_000;
    private static readonly string[] Often = ["--EventHub:ScrubInterval", "00:00:00.1"];

    [Fact(Timeout = Patience)]
    public async Task Damage_is_found_without_a_reader_and_stands_until_the_file_is_whole_again()
    {
        await using var hub = await RunningHub.StartAsync(null, null, Often);
        await FillAsync(hub);
        DataCopy.FlipBatch(hub.DataFolder, 0, 65);

        await hub.Log.UntilLineAsync("ticks[0] is damaged from offset 0 to 0");
        hub.Log.Lines.ShouldContain(
            line => line.Contains("Restore the file from a copy", StringComparison.Ordinal)
                && line.Contains(DataCopy.LogFile(hub.DataFolder), StringComparison.Ordinal));
        (await hub.HealthAsync()).ShouldBe("Degraded");

        DataCopy.FlipBatch(hub.DataFolder, 0, 65);
        await hub.Log.UntilLineAsync("ticks[0] is whole again from offset 0 to 0");
        (await hub.HealthAsync()).ShouldBe("Healthy");
        Directory.GetFiles(Path.Combine(hub.DataFolder, "damage")).ShouldBeEmpty();
        hub.Log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(1, "said once");
    }

    [Fact(Timeout = Patience)]
    public async Task Damage_that_a_person_accepts_is_healthy()
    {
        await using var hub = await RunningHub.StartAsync(null, null, [.. Often, "--EventHub:UpkeepInterval", "00:00:00.1"]);
        await FillAsync(hub);
        DataCopy.FlipBatch(hub.DataFolder, 0, 65);
        await hub.Log.UntilLineAsync("ticks[0] is damaged from offset 0 to 0");
        var note = Path.Combine(hub.DataFolder, "damage", "ticks-0-0-0.damaged");
        while (!File.Exists(note))
        {
            await Task.Yield(); // the line comes a moment before the note
        }

        File.Move(note, note + ".accepted");
        await hub.Log.UntilLineAsync("the damage of ticks[0] from offset 0 to 0 is accepted");
        (await hub.HealthAsync()).ShouldBe("Healthy");
    }

    [Fact(Timeout = Patience)]
    public async Task All_bytes_are_read_and_counted()
    {
        await using var hub = await RunningHub.StartAsync(null, null, Often);
        var scrubbed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var bytes = 0L;
        var length = long.MaxValue;
        using var listener = new MeterListener();
        listener.InstrumentPublished = (instrument, of) =>
        {
            if (instrument.Meter.Scope == hub.Meters && instrument.Name == "eventhub.scrubbed")
            {
                of.EnableMeasurementEvents(instrument);
            }
        };
        listener.SetMeasurementEventCallback<long>((_, value, _, _) =>
        {
            if (Interlocked.Add(ref bytes, value) >= Interlocked.Read(ref length))
            {
                scrubbed.TrySetResult();
            }
        });
        listener.Start();
        await FillAsync(hub);
        Interlocked.Exchange(ref length, 20L * Batches.Of("record 0").Length);

        await scrubbed.Task;
        hub.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Rate_of_nothing_turns_it_off()
    {
        using var folder = new HubFolder();
        await using var storage = new TestStorage(folder.Data);
        await using var scrub = new Scrub(storage.Hub, 0, TimeSpan.FromSeconds(1), TimeProvider.System, storage.Metrics, storage.Log);
        scrub.Ended.IsCompleted.ShouldBeTrue();
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
