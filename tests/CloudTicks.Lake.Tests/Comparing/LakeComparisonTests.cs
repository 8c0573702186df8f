using CloudTicks.Lake.Comparing;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Tests.Files;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Tests.Comparing;

public sealed class LakeComparisonTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Proved_days_are_skipped_until_they_change()
    {
        await using var lake = await ComparedLake.StartAsync();

        var first = await lake.CompareAsync();

        ShouldAgree(first, lake.Model.Identities);
        first.ProvedBefore.ShouldBe(0);
        (await CountProvedAsync(lake)).ShouldBe((await lake.Hub.WatermarksAsync()).Sum(end => end.High));
        var second = await lake.CompareAsync();
        (second.Days, second.ProvedBefore, second.DifferenceCount).ShouldBe((0, first.Days, 0L));

        await lake.AddAsync(4);
        var third = await lake.CompareAsync();

        third.Days.ShouldBeInRange(1, first.Days + 1);
        third.DifferenceCount.ShouldBe(0);
        (await CountProvedAsync(lake)).ShouldBe((await lake.Hub.WatermarksAsync()).Sum(end => end.High));
        ShouldAgree(await lake.CompareAsync(new LakeSelection { IncludesProved = true }), lake.Model.Identities);
    }

    [Fact]
    public async Task Tick_that_is_archived_twice_counts_once_on_both_sides()
    {
        await using var lake = await ComparedLake.StartAsync(8);
        var before = lake.Model.Records(0).Count();
        lake.Model.Repeat(0, 1);
        lake.Model.Repeat(1, 2);
        await lake.Hub.ProduceAsync(lake.Model.Records(before));
        await lake.Hub.Writer.RunAsync(Cancellation);

        var result = await lake.CompareAsync();

        ShouldAgree(result, lake.Model.Identities);
        result.Repeats.ShouldBe(8);
    }

    [Fact]
    public async Task Differing_hours_are_named_and_repaired()
    {
        await using var lake = await ComparedLake.StartAsync();
        await lake.CompareAsync();
        var (day, lost, _) = (await lake.FilesAsync())[0];
        await lake.ChangeAsync(day.Day, manifest => manifest with { Files = [.. manifest.Files.Where(file => file.Name != lost.Name)] });
        var stream = lost.Ranges.Keys.Single();
        var foreign = await lake.ImportAsync(day.Day, 5, file => file.Add(
            TickFile.Quote("EURUSD", day.Day.StartMs + (5 * 3_600_000) + 1, "1.5", "1.6"), TickSource.Live, 0, 1));
        await lake.ChangeAsync(day.Day, manifest => manifest with
        {
            Files = [.. manifest.Files.Select(file => file.Name != foreign.Name ? file : file with
            {
                Ranges = new Dictionary<string, long[][]> { [stream] = [[0, 1, 2]] },
            })],
        });

        var result = await lake.CompareAsync();

        result.Faults.ShouldBeEmpty();
        result.Differences.Where(one => one.Hour == lost.FirstHour).Sum(one => one.Missing).ShouldBe(lost.Rows);
        result.Differences.ShouldContain(one => one.Day == day.Day && one.Hour == 5 && one.Symbol == "EURUSD" && one.Extra == 1);
        result.ArchiveSum.ShouldNotBe(result.LakeSum);
        (await CountProvedAsync(lake)).ShouldBeLessThan((await lake.Hub.WatermarksAsync()).Sum(end => end.High));

        var repair = await lake.RepairAsync(result.Hours);

        repair.NewRows.ShouldBeGreaterThanOrEqualTo(lost.Rows);
        repair.Lost.ShouldBeEmpty();
        ShouldAgree(await lake.CompareAsync(new LakeSelection { IncludesProved = true }), lake.Model.Identities);
        (await CountProvedAsync(lake)).ShouldBe((await lake.Hub.WatermarksAsync()).Sum(end => end.High));
    }

    [Fact]
    public async Task Damaged_files_are_repaired_while_the_writer_runs()
    {
        await using var lake = await ComparedLake.StartAsync();
        var files = await lake.FilesAsync();
        var (damaged, missing) = (files[0], files[^1]);
        Damage(damaged.Path);
        File.Delete(missing.Path);

        var result = await lake.CompareAsync();

        result.Faults.Select(fault => fault.File.Name).ShouldBe([damaged.File.Name, missing.File.Name], ignoreOrder: true);
        result.Faults.ShouldContain(fault => fault.Sentence.Contains("cannot be read", StringComparison.Ordinal)
            || fault.Sentence.Contains("manifest states", StringComparison.Ordinal));
        result.Faults.ShouldContain(fault => fault.Sentence.Contains("is missing", StringComparison.Ordinal));
        result.Differences.ShouldBeEmpty();

        await lake.RepairAsync(result.Hours);

        ShouldAgree(await lake.CompareAsync(), lake.Model.Identities);
        await lake.AddAsync(4);
        ShouldAgree(await lake.CompareAsync(new LakeSelection { IncludesProved = true }), lake.Model.Identities);
        lake.Hub.Count().ShouldBe((lake.Model.Identities.Count, lake.Model.Identities.Count));
    }

    [Fact]
    public async Task Repair_covers_the_hours_of_a_damaged_file()
    {
        await using var lake = await ComparedLake.StartAsync(20, new LakeOptions { Interval = TimeSpan.Zero, MergeAfter = TimeSpan.Zero });
        await lake.Hub.Writer.RunAsync(Cancellation);
        var files = await lake.FilesAsync();
        var fileOfSeveralHours = files.First(file => file.File.LastHour > file.File.FirstHour);

        var one = await lake.RepairAsync([(fileOfSeveralHours.Day.Day, fileOfSeveralHours.File.FirstHour)]);

        (one.Hours, one.OldRows).ShouldBe((1, fileOfSeveralHours.File.Rows));
        one.NewRows.ShouldBe(fileOfSeveralHours.File.Rows);
        ShouldAgree(await lake.CompareAsync(new LakeSelection { IncludesProved = true }), lake.Model.Identities);
        var damagedFile = (await lake.FilesAsync()).First(file => file.File.LastHour > file.File.FirstHour);
        Damage(damagedFile.Path);
        var fullRepair = await lake.RepairAsync([(damagedFile.Day.Day, damagedFile.File.LastHour)]);

        fullRepair.Hours.ShouldBe(damagedFile.File.LastHour - damagedFile.File.FirstHour + 1);
        ShouldAgree(await lake.CompareAsync(new LakeSelection { IncludesProved = true }), lake.Model.Identities);
    }

    [Fact]
    public async Task Imported_ticks_cause_no_difference_and_survive_a_repair()
    {
        await using var lake = await ComparedLake.StartAsync(8);
        var day = (await lake.FilesAsync())[0].Day.Day;
        var imported = await lake.ImportAsync(day, 5, file => file.Add(
            TickFile.Quote("EURUSD", day.StartMs + (5 * 3_600_000), "1.5", "1.6"), TickSource.Import, -1, 0));

        ShouldAgree(await lake.CompareAsync(), lake.Model.Identities);
        await lake.RepairAsync([.. Enumerable.Range(0, 24).Select(hour => (day, hour))]);

        (await lake.FilesAsync()).ShouldContain(file => file.File.Name == imported.Name);
        ShouldAgree(await lake.CompareAsync(new LakeSelection { IncludesProved = true }), lake.Model.Identities);
        lake.Hub.Count().Ticks.ShouldBe(lake.Model.Identities.Count + 1);
    }

    [Fact]
    public async Task Another_archive_is_detected()
    {
        await using var lake = await ComparedLake.StartAsync(4);
        lake.Hub.Writer.Dispose();
        await using var other = await Writing.HubLake.StartAsync(lake.Folder);

        var result = await LakeComparison.Of(lake.Folder, other.Archive, new CloudTicks.Lake.Native.DuckDbSettings(), TimeProvider.System)
            .RunAsync(LakeSelection.Changed, progress: null, Cancellation);

        result.IsFromAnotherArchive.ShouldBeTrue();
    }

    [Fact]
    public async Task Damaged_proof_is_recreated()
    {
        await using var lake = await ComparedLake.StartAsync(4);
        await lake.CompareAsync();
        var proof = Directory.GetFiles(lake.Folder, "_verified-*").ShouldHaveSingleItem();
        await File.WriteAllTextAsync(proof, "{}", Cancellation);

        var result = await lake.CompareAsync();

        ShouldAgree(result, lake.Model.Identities);
        (await LakeInventory.ReadAsync(lake.Folder, TimeProvider.System, Cancellation)).Foreign.ShouldBeEmpty();
    }

    private static void ShouldAgree(LakeComparisonResult result, List<ulong> identities)
    {
        result.Faults.ShouldBeEmpty();
        result.Differences.ShouldBeEmpty();
        result.Hours.ShouldBeEmpty();
        (result.Archive, result.Lake).ShouldBe((identities.Count, identities.Count));
        result.ArchiveSum.ShouldBe(identities.Aggregate(0UL, (sum, identity) => unchecked(sum + identity)));
        result.LakeSum.ShouldBe(result.ArchiveSum);
        result.ProofProblem.ShouldBeNull();
    }

    /// <summary>Counts the proved records of all partitions.</summary>
    private static async Task<long> CountProvedAsync(ComparedLake lake)
    {
        var proof = await LakeProof.ReadAsync(lake.Store, Cancellation);
        return (await lake.Hub.WatermarksAsync()).Sum(end => proof.ProvedTo(proof.Proved.Keys.Single(), end.Partition, end.Low));
    }

    private static void Damage(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes.AsSpan(60, 200).Fill(0xA5);
        File.WriteAllBytes(path, bytes);
    }
}
