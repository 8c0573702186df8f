using System.Globalization;
using CloudTicks.Collection.EventHub;
using CloudTicks.Collection.Feeds;
using CloudTicks.Collection.Gaps;
using CloudTicks.Collection.Outlets;
using CloudTicks.Collection.Storage;
using CloudTicks.EventStream;
using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices.PowerLoss;
using CloudTicks.Ticks;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Collection.Tests.PowerLoss;

/// <summary>
/// A file that is replaced atomically by versions 1, 2, 3, ... After a power cut it must have at least the last durable version.
/// </summary>
internal abstract class ReplacedFile : DurableFile
{
    private const int Versions = 4;

    public override Task RunAsync(PowerCutRun run)
    {
        for (var version = 1; version <= Versions; version++)
        {
            Write(run, version);
            run.Promise();
        }

        return Task.CompletedTask;
    }

    public override Task CheckAsync(string folder, int promised)
    {
        (Read(folder) ?? 0).ShouldBeInRange(promised, Versions);
        return Task.CompletedTask;
    }

    protected abstract void Write(PowerCutRun run, int version);

    /// <returns>Null when the file does not exist.</returns>
    protected abstract int? Read(string folder);
}

/// <summary>The coverage marks.</summary>
internal sealed class DurableMarks : ReplacedFile
{
    private static readonly FeedChannel Channel = new(
        Symbol.TryParse("EURUSD", out var symbol) ? symbol : throw new InvalidOperationException(), TickKind.Quote);

    protected override void Write(PowerCutRun run, int version) =>
        new CoverageMarks(run.Folder, run.Disk).Write([KeyValuePair.Create(Channel, (long)version)]);

    protected override int? Read(string folder) => (int?)new CoverageMarks(folder, new UnflushedDisk()).Read()?[Channel];
}

/// <summary>The destination of a spool.</summary>
internal sealed class DurableSpoolMark : ReplacedFile
{
    protected override void Write(PowerCutRun run, int version) => SpoolMark.Write(
        run.Folder, new SpoolDestination("a server", version.ToString(CultureInfo.InvariantCulture), null), run.Disk);

    protected override int? Read(string folder) =>
        SpoolMark.Read(folder) is { } mark ? int.Parse(mark.Setting, CultureInfo.InvariantCulture) : null;
}

/// <summary>The learnt limits.</summary>
internal sealed class DurableLimits : ReplacedFile
{
    protected override void Write(PowerCutRun run, int version)
    {
        var limits = new LearntLimitsFile(NullLogger<LearntLimitsFile>.Instance);
        limits.Open(run.Folder, run.Disk);
        limits.Write(Market.Forex, new LearntLimit(version, Configured: 9, DateTimeOffset.UnixEpoch));
    }

    protected override int? Read(string folder)
    {
        var limits = new LearntLimitsFile(NullLogger<LearntLimitsFile>.Instance);
        limits.Open(folder, new UnflushedDisk());
        return limits.Read(Market.Forex)?.Connections;
    }
}

/// <summary>The partition count of the archive as last seen.</summary>
internal sealed class DurableArchive : ReplacedFile
{
    private static readonly EventStreamConnection Hub = EventStreamConnection.Parse("127.0.0.1:9092");

    protected override void Write(PowerCutRun run, int version)
    {
        using var folder = DataFolder.Open(
            new CollectorOptions { DataFolder = Path.Combine(run.Folder, "data"), FeedName = FeedName.Simulated }, run.Disk);
        new RememberedArchive(folder, Hub, FeedName.Simulated).Write(version);
    }

    protected override int? Read(string folder)
    {
        using var data = DataFolder.Open(
            new CollectorOptions { DataFolder = Path.Combine(folder, "data"), FeedName = FeedName.Simulated }, new UnflushedDisk());
        return new RememberedArchive(data, Hub, FeedName.Simulated).Partitions;
    }
}

/// <summary>The mark of the data folder, and the subfolders.</summary>
internal sealed class DurableDataFolder : DurableFile
{
    public override int MinDiskStates => 5;

    public override Task RunAsync(PowerCutRun run)
    {
        using var folder = Open(run.Folder, FeedName.Simulated, run.Disk);
        run.Promise();
        folder.Folder("spool");
        run.Promise();
        return Task.CompletedTask;
    }

    public override Task CheckAsync(string folder, int promised)
    {
        if (promised > 0)
        {
            Should.Throw<CollectorException>(() => Open(folder, FeedName.Polygon, new UnflushedDisk())).Message.ShouldContain("simulated");
        }

        if (promised > 1)
        {
            Directory.Exists(Path.Combine(folder, "data", "spool")).ShouldBeTrue("the folder of the spool");
        }

        using var data = Open(folder, FeedName.Simulated, new UnflushedDisk());
        return Task.CompletedTask;
    }

    private static DataFolder Open(string folder, FeedName feed, Foundations.Disks.Disk disk) =>
        DataFolder.Open(new CollectorOptions { DataFolder = Path.Combine(folder, "data"), FeedName = feed }, disk);
}
