using System.Text.Json;
using CloudTicks.Collection.Records;
using CloudTicks.Collection.Spool;
using CloudTicks.Collection.Tests.Replicas;
using CloudTicks.Foundations.Disks;
using CloudTicks.TestServices;

namespace CloudTicks.Collection.Tests.Spool;

/// <summary>Runs simulator, event hub and collector as processes, and damages a byte of the spool while the collector is stopped.</summary>
public sealed class SpoolDamageTests : IAsyncDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<ServiceProcess> _processes = [];
    private EventHubProcess? _hub;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
        {
            await process.DisposeAsync();
        }

        await (_hub?.DisposeAsync() ?? ValueTask.CompletedTask);
        _folder.Dispose();
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Ticks_of_damaged_record_are_restored_or_reported_lost(bool isFeedHistoryLost)
    {
        _hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var simulator = await StartSimulatorAsync();
        var collector = await StartCollectorAsync(simulator);
        await collector.UntilAsync("api/v1/status", status => status.GetProperty("archived").GetInt64() > 0);
        await _hub.SuspendAsync(Cancellation);
        await collector.UntilAsync("api/v1/status", status => status.GetProperty("spool").GetProperty("spooled_ticks").GetInt64() > 500);
        await collector.KillAsync();
        var ticks = FlipByte();
        if (isFeedHistoryLost)
        {
            await simulator.KillAsync();
            simulator = await StartSimulatorAsync();
        }

        await _hub.ResumeAsync(Cancellation);
        collector = await StartCollectorAsync(simulator);
        var gaps = await WaitForDamageGapsAsync(collector);

        gaps.ShouldNotBeEmpty();
        gaps.ShouldAllBe(gap => gap.GetProperty("missing").GetInt64() == ticks);
        gaps.ShouldAllBe(gap => gap.GetProperty("state").GetString() == (isFeedHistoryLost ? "unfillable" : "filled"));
        gaps.Sum(gap => gap.GetProperty("restored").GetInt64()).ShouldBe(isFeedHistoryLost ? 0 : ticks);
        var status = (await collector.GetAsync("api/v1/status")).GetProperty("gaps");
        (status.GetProperty("missing_ticks").GetInt64(), status.GetProperty("lost_ticks").GetInt64())
            .ShouldBe((0, isFeedHistoryLost ? ticks : 0));
        if (isFeedHistoryLost)
        {
            gaps.ShouldAllBe(gap => gap.GetProperty("detail").GetString()!.Contains("known to be missing", StringComparison.Ordinal));
        }
    }

    /// <summary>Waits until the gaps that the damage caused are filled or unfillable.</summary>
    private static async Task<JsonElement[]> WaitForDamageGapsAsync(ServiceProcess collector)
    {
        var gaps = await collector.UntilAsync(
            "api/v1/gaps", gaps => Of(gaps) is { Length: > 0 } damage
                && damage.All(gap => gap.GetProperty("state").GetString() is "filled" or "unfillable"));
        return Of(gaps);

        static JsonElement[] Of(JsonElement gaps) =>
            [.. gaps.EnumerateArray().Where(gap => gap.GetProperty("cause").GetString() == MissedTicks.SpoolDamaged)];
    }

    /// <summary>Flips a bit in the last byte of a record in the middle of the spool.</summary>
    /// <returns>The number of ticks in the record.</returns>
    private int FlipByte()
    {
        var path =
            Directory.GetFiles(_folder.File("collector"), "*" + SpoolSegment.Extension, SearchOption.AllDirectories).ShouldHaveSingleItem();
        List<(long End, int Ticks)> records = [];
        using (var reader = new SegmentReader(new Disk(), path, 0))
        {
            while (reader.TryRead(new FileInfo(path).Length, out var frame, out _))
            {
                records.Add((reader.Position, frame.Ticks));
            }
        }

        var (end, ticks) = records.Skip(records.Count / 2).First(record => record.Ticks > 0);
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite);
        file.Position = end - 1;
        var value = file.ReadByte();
        file.Position = end - 1;
        file.WriteByte((byte)(value ^ 0x10));
        return ticks;
    }

    private async Task<ServiceProcess> StartSimulatorAsync() =>
        TrackProcess(await ServiceProcess.StartAsync("SimulatorProgram", ("Simulator__Rate", "500")));

    private async Task<ServiceProcess> StartCollectorAsync(ServiceProcess simulator) => TrackProcess(await ServiceProcess.StartAsync(
        "CollectorProgram", ("ConnectionStrings__eventhubs", _hub!.BootstrapServers), ("POLYGON_API_KEY", "key"),
        ("Polygon__Endpoint", new UriBuilder(simulator.Address) { Scheme = "ws" }.Uri.ToString()), ("Polygon__RateLimitPerSecond", "100"),
        ("Polygon__ReconnectDelay", "00:00:00"), ("Collector__FeedName", "simulated"), ("Collector__DataFolder", _folder.File("collector")),
        ("Collector__Symbols", "EURUSD,XAUUSD,GBPUSD"), ("Collector__BackfillDelay", "00:00:01")));

    private ServiceProcess TrackProcess(ServiceProcess process)
    {
        _processes.Add(process);
        return process;
    }
}
