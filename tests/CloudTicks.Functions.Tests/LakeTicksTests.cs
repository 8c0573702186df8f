using System.Globalization;
using CloudTicks.EventStream;
using CloudTicks.EventStream.Topics;
using CloudTicks.Functions.Tests.Configuring;
using CloudTicks.Lake.Comparing;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Writing;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests;

/// <summary>
/// Kills the lake's writer and its repair in several rounds. <c>CLOUDTICKS_LAKE_ROUNDS</c> is the number of rounds, 3 by default;
/// <c>CLOUDTICKS_LAKE_SEED</c>, 7 by default, determines the files at which they are killed.
/// </summary>
public class LakeTicksTests(PostgresFixture postgres)
{
    private const int Partitions = 4;
    private const int TicksPerRecord = 20;
    private const string NotWrittenMessage = "The lake is not being written";

    private static readonly int Rounds = Setting("CLOUDTICKS_LAKE_ROUNDS", 3);
    private static readonly int Seed = Setting("CLOUDTICKS_LAKE_SEED", 7);

    [Fact]
    public async Task Every_tick_is_in_the_files_once_despite_kills()
    {
        var random = new Random(Seed);
        await using var system = await TestSystem.StartAsync(postgres);
        using var folder = new TemporaryFolder();
        var (ticks, repairs) = (0, 0);
        for (var round = 0; round < Rounds; round++)
        {
            ticks += await ProduceAsync(system, round, records: 40);
            var process = await system.StartFunctionsAsync(Settings(folder.Path));
            await UntilChangedAsync(system, folder.Path, random.Next(1, 40));
            if (round % 2 == 0)
            {
                await process.KillAsync();
            }

            // In even rounds the repair runs without the functions, in odd rounds in parallel with them.
            repairs += await RepairAndKillAsync(system, folder.Path, random) ? 1 : 0;
            await process.KillAsync();
            var agreeingTicks = await CompareAsync(system, folder.Path);
            TestContext.Current.SendDiagnosticMessage(
                $"seed {Seed}: {round + 1} of {Rounds} rounds, the repair killed in {repairs}, {agreeingTicks:N0} ticks agree");
        }

        await using (await system.StartFunctionsAsync(Settings(folder.Path)))
        {
            await UntilWrittenAsync(system);
        }

        (await CountAsync(system, folder.Path)).ShouldBe((ticks, ticks));
        (await CompareAsync(system, folder.Path)).ShouldBe(ticks);
    }

    [Fact]
    public async Task Second_host_takes_over_from_a_killed_writer()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        using var folder = new TemporaryFolder();
        var first = await system.StartFunctionsAsync(Settings(folder.Path));
        await first.LineAsync("The lake is in");
        var second = await system.StartFunctionsAsync(Settings(folder.Path));
        await second.LineAsync("Another process is writing the lake");
        var ticks = await ProduceAsync(system, 0, records: 20);
        await UntilWrittenAsync(system);

        await first.KillAsync();
        ticks += await ProduceAsync(system, 1, records: 20);

        await UntilWrittenAsync(system);
        await second.LineAsync("The lake is in");
        second.CountLines("The lake is in").ShouldBe(1);
        await second.DisposeAsync();
        (await CountAsync(system, folder.Path)).ShouldBe((ticks, ticks));
    }

    [Fact]
    public async Task Full_disk_is_logged_once_and_writing_resumes()
    {
        await using var disk = await SmallDisk.TryMountAsync(24, TestContext.Current.CancellationToken);
        Assert.SkipWhen(disk is null, "This user may not mount a disk.");
        await using var system = await TestSystem.StartAsync(postgres);
        var process = await system.StartFunctionsAsync(Settings(Path.Combine(disk.Path, "lake")));
        var ticks = await ProduceAsync(system, 0, records: 10);
        await UntilWrittenAsync(system);

        using (disk.Fill())
        {
            ticks += await ProduceAsync(system, 1, records: 10);
            await process.LineAsync(NotWrittenMessage);
            await system.UntilAsync(async () => (await process.UntilHealthAsync(200)).Contains(
                "The lake is not being written, and ticks are waiting in the archive: ", StringComparison.Ordinal)
                ? null : "Health does not say that the lake is not written.");
        }

        await UntilWrittenAsync(system);
        await process.LineAsync("The lake is being written again");
        await system.UntilAsync(async () => (await process.UntilHealthAsync(200)).Contains("The lake is", StringComparison.Ordinal)
            ? "Health still says that the lake is not written." : null);
        process.CountLines(NotWrittenMessage).ShouldBe(1);
        await process.DisposeAsync();
        (await CountAsync(system, Path.Combine(disk.Path, "lake"))).ShouldBe((ticks, ticks));
    }

    private static int Setting(string name, int defaultValue) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), out var value) ? value : defaultValue;

    private static (string, string?)[] Settings(string folder) =>
    [
        ("Lake__Folder", folder), ("Lake__Interval", "0"), ("Lake__MergeAfter", "0"), ("Lake__MaxRoundTicks", "1000"),
    ];

    /// <summary>Produces records of three past days, each tick once.</summary>
    private static async Task<int> ProduceAsync(TestSystem system, int round, int records)
    {
        for (var record = 0; record < records; record++)
        {
            for (var partition = 0; partition < Partitions; partition++)
            {
                var first = (((round * records) + record) * Partitions * TicksPerRecord) + (partition * TicksPerRecord);
                await system.ProduceAsync(
                    partition, TestTicks.Record(partition, first, TicksPerRecord, TimeSpan.FromDays(1 + (record % 3))));
            }
        }

        return records * Partitions * TicksPerRecord;
    }

    /// <summary>Starts to rewrite a day from the archive, and kills the process at a random file.</summary>
    /// <returns>Whether the process was killed before it had finished.</returns>
    private static async Task<bool> RepairAndKillAsync(TestSystem system, string folder, Random random)
    {
        var day = TimeProvider.System.GetUtcNow().AddDays(-random.Next(1, 4)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        await using var repair = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [CliProgram.ProgramPath, "lake", "repair", "--day", day],
            Environment = new Dictionary<string, string?>
            {
                ["ConnectionStrings__eventhubs"] = system.Hub.BootstrapServers,
                ["Lake__Folder"] = folder,
                ["XDG_STATE_HOME"] = Path.Combine(folder, "..", "no-state"),
            },
        });
        var (changes, previousFiles) = (random.Next(1, 12), "");
        await system.UntilAsync(() =>
        {
            var currentFiles = string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
            changes -= currentFiles == previousFiles ? 0 : 1;
            previousFiles = currentFiles;
            return Task.FromResult(changes < 0 || repair.Exited.IsCompleted ? null : "The repair does nothing.");
        });
        repair.Kill();
        return await repair.Exited != 0;
    }

    /// <summary>Compares the lake with the archive: no tick is missing, and no tick is duplicated.</summary>
    /// <returns>The number of ticks.</returns>
    private static async Task<long> CompareAsync(TestSystem system, string folder)
    {
        var archive = ArchiveReader.Of(EventStreamConnection.Parse(system.Hub.BootstrapServers), TimeProvider.System);
        var result = await LakeComparison.Of(folder, archive, new DuckDbSettings(), TimeProvider.System)
            .RunAsync(new LakeSelection { IncludesProved = true }, progress: null, TestContext.Current.CancellationToken);
        result.Faults.ShouldBeEmpty();
        result.Differences.ShouldBeEmpty();
        result.Repeats.ShouldBe(0);
        result.LakeSum.ShouldBe(result.ArchiveSum);
        return result.Lake;
    }

    /// <summary>Waits until the given number of changes to the lake's files was seen, or everything is written.</summary>
    private static async Task UntilChangedAsync(TestSystem system, string folder, int changes)
    {
        var previousFiles = "";
        await system.UntilAsync(async () =>
        {
            var currentFiles = string.Join('\n', Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories));
            changes -= currentFiles == previousFiles ? 0 : 1;
            previousFiles = currentFiles;
            return changes < 0 || await IsWrittenAsync(system) ? null : "The lake does not change.";
        });
    }

    private static Task UntilWrittenAsync(TestSystem system) =>
        system.UntilAsync(async () => await IsWrittenAsync(system) ? null : "The lake is behind.");

    private static async Task<bool> IsWrittenAsync(TestSystem system)
    {
        var written = await system.CheckpointsAsync(ConsumerGroups.Lake);
        return (await system.ArchiveEndsAsync(Partitions)).All(end => written.GetValueOrDefault(end.Key) >= end.Value);
    }

    /// <summary>Counts all ticks in the Parquet files, and the distinct ones, once a merge has left one file per day.</summary>
    private static async Task<(long Ticks, long Distinct)> CountAsync(TestSystem system, string folder)
    {
        // Start another process, which cleans up what the previous process left.
        await using (var process = await system.StartFunctionsAsync(Settings(folder)))
        {
            await process.LineAsync("The lake is in");
            await system.UntilAsync(() => Task.FromResult(
                Directory.EnumerateFiles(folder, "*.parquet", SearchOption.AllDirectories)
                    .GroupBy(file => Directory.GetParent(file)!.Parent!.FullName).All(day => day.Count() == 1)
                    ? null : "The files are not merged."));
        }

        using var database = DuckDbDatabase.Open(new DuckDbSettings());
        using var connection = database.Connect();
        using var result = connection.Query(
            $"""
            SELECT count(*)::BIGINT, count(DISTINCT (symbol, timestamp_ms, bid, ask))::BIGINT
            FROM read_parquet('{folder}/**/*.parquet', hive_partitioning = true)
            """);
        result.TryRead(out var row).ShouldBeTrue();
        using (row)
        {
            return (row![0].Values<long>()[0], row[1].Values<long>()[0]);
        }
    }
}
