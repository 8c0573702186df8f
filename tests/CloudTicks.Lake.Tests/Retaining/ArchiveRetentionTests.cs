using CloudTicks.EventStream;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Lake.Tests.Writing;
using CloudTicks.TestServices;

namespace CloudTicks.Lake.Tests.Retaining;

/// <summary>A real event hub drops only records that are old, proved to be in the lake, and committed by every consumer.</summary>
public sealed class ArchiveRetentionTests : IDisposable
{
    private const int Rounds = 4;
    private const int RecordsPerRound = 10;
    private const int Seed = 7;

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Archive_drops_proved_old_records()
    {
        await using var lake = await HubLake.StartAsync(_folder.Path);
        var archive = new ModelArchive().Add(20);
        await lake.ProduceAsync(archive.Records(0));
        await lake.Writer.RunAsync(Cancellation);
        await lake.Writer.RunAsync(Cancellation);
        var test = new TestLake(_folder.Path);
        var stream = (await test.ReadAsync()).Positions.Next.Keys.Single();
        var later = new TestTime(TimeProvider.System.GetUtcNow().AddDays(3));

        await DropAsync(lake, stream, 1, later);
        (await ReadLowWatermarksAsync(lake)).ShouldBe([0, 0], "nothing is proved");

        await test.ProveAsync(10, stream);
        await DropAsync(lake, stream, 1, later);
        (await ReadLowWatermarksAsync(lake)).ShouldBe([0, 0], "the groups of the table and of NATS have committed nothing");

        await CommitAsync(lake, ConsumerGroups.Timescale, 10);
        await CommitAsync(lake, ConsumerGroups.Nats, 4);
        await DropAsync(lake, stream, null, later);
        await DropAsync(lake, stream, 5, later);
        (await ReadLowWatermarksAsync(lake)).ShouldBe([0, 0], "retention is off, or no record is old enough");

        await DropAsync(lake, stream, 1, later);
        (await ReadLowWatermarksAsync(lake)).ShouldBe([4, 4]);

        // While a file of the lake is missing, nothing more may be dropped.
        await CommitAsync(lake, ConsumerGroups.Nats, 10);
        var part = test.Files("*.parquet")[0];
        File.Move(part, $"{part}.aside");
        await DropAsync(lake, stream, 1, later);
        (await ReadLowWatermarksAsync(lake)).ShouldBe([4, 4]);
        File.Move($"{part}.aside", part);

        await DropAsync(lake, stream, 1, later);
        (await ReadLowWatermarksAsync(lake)).ShouldBe([10, 10]);
        await lake.ProduceAsync(archive.Add(4).Records(20));
        await lake.Writer.RunAsync(Cancellation);
        lake.Writer.Status.Problem.ShouldBeNull();
        lake.Writer.Status.Rows.ShouldBe(archive.Identities.Count);
    }

    [Fact]
    public async Task Hub_killed_while_dropping_keeps_unproved_records()
    {
        var random = new Random(Seed);
        await using var lake = await HubLake.StartAsync(_folder.Path);
        var archive = new ModelArchive();
        var test = new TestLake(_folder.Path);
        var interruptedDrops = 0;
        for (var round = 1; round <= Rounds; round++)
        {
            var records = round * RecordsPerRound;
            await lake.ProduceAsync(archive.Add(2 * RecordsPerRound).Records(2 * (records - RecordsPerRound)));
            await WriteAsync(lake, archive);
            var stream = (await test.ReadAsync()).Positions.Next.Keys.Single();
            var provedRecords = records - random.Next(1, 4);
            await test.ProveAsync(provedRecords, stream);
            await CommitAsync(lake, ConsumerGroups.Timescale, records);
            await CommitAsync(lake, ConsumerGroups.Nats, records);
            var later = new TestTime(TimeProvider.System.GetUtcNow().AddDays(3));

            var dropping = DropAsync(lake, stream, 1, later);
            await UntilChangedAsync(lake.Hub.DataFolder, random.Next(0, 4), dropping);
            interruptedDrops += dropping.IsCompleted ? 0 : 1;
            await lake.Hub.KillAsync();
            await lake.Hub.RestartAsync(Cancellation);
            _ = await Record.ExceptionAsync(() => dropping);

            var lowWatermarks = await ReadLowWatermarksAsync(lake);
            lowWatermarks.ShouldAllBe(first => first <= provedRecords, $"round {round}");
            (await CountRecordsAsync(lake)).ShouldBe((2 * records) - lowWatermarks.Sum(), $"round {round}");
            await DropAgainAsync(() => DropAsync(lake, stream, 1, later));
            (await ReadLowWatermarksAsync(lake)).ShouldBe([provedRecords, provedRecords], $"round {round}");
        }

        TestContext.Current.SendDiagnosticMessage($"{interruptedDrops} of {Rounds} drops were interrupted");
        await WriteAsync(lake, archive);
        (await test.ReadAsync()).Problems.ShouldBeEmpty();
    }

    private static async Task WriteAsync(HubLake lake, ModelArchive archive)
    {
        for (var attempt = 1; lake.Writer.Status.Rows != archive.Identities.Count || lake.Writer.Status.Problem is not null; attempt++)
        {
            attempt.ShouldBeLessThan(20, lake.Writer.Status.Problem ?? "ticks are missing in the lake");
            await lake.Writer.RunAsync(Cancellation);
        }
    }

    private static async Task DropAgainAsync(Func<Task> drop)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await drop();
                return;
            }
            catch (EventStreamException) when (attempt < 20)
            {
                // The event hub has just restarted: retry.
            }
        }
    }

    /// <summary>Waits until a number of changes to the event hub's files was seen, or the records are dropped.</summary>
    private static async Task UntilChangedAsync(string folder, int changes, Task dropping)
    {
        for (var previousFiles = ""; changes >= 0 && !dropping.IsCompleted; await Task.Yield())
        {
            var currentFiles = string.Join('\n', new DirectoryInfo(folder).EnumerateFiles("*", SearchOption.AllDirectories)
                .Select(file => $"{file.FullName} {file.LastWriteTimeUtc.Ticks}"));
            changes -= currentFiles == previousFiles ? 0 : 1;
            previousFiles = currentFiles;
        }
    }

    private static async Task<long> CountRecordsAsync(HubLake lake)
    {
        var ranges = (await lake.WatermarksAsync()).Where(end => end.High > end.Low)
            .Select(end => new OffsetRange(end.Partition, end.Low, end.High)).ToList();
        var count = 0L;
        await foreach (var _ in lake.Archive.RecordsAsync(ranges, Cancellation))
        {
            count++;
        }

        return count;
    }

    private static Task DropAsync(HubLake lake, string stream, int? days, TimeProvider time) =>
        lake.Retention(days, time).DropAsync(stream, Cancellation);

    private static async Task<long[]> ReadLowWatermarksAsync(HubLake lake) =>
        [.. (await lake.WatermarksAsync()).OrderBy(end => end.Partition).Take(2).Select(end => end.Low)];

    private static Task CommitAsync(HubLake lake, string group, long next) => lake.Positions.CommitAsync(
        group, TopicNames.TickArchive, new Dictionary<int, long> { [0] = next, [1] = next }, Cancellation);
}
