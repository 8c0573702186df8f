using CloudTicks.EventStream.Records;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Retaining;
using CloudTicks.Lake.Tests.Writing;
using CloudTicks.TestServices;

namespace CloudTicks.Lake.Tests.Retaining;

/// <summary>The archive may drop only proved records, and only while the lake is unchanged since the proof.</summary>
public sealed class ProvedRecordsTests : IDisposable
{
    private const int Records = 20;

    private readonly TemporaryFolder _folder = new();
    private readonly TestLake _lake;
    private readonly ModelArchive _archive = new ModelArchive().Add(2 * Records);

    public ProvedRecordsTests() => _lake = new TestLake(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task All_proved_records_may_be_dropped_if_nothing_has_changed()
    {
        var proof = await ProveAsync();

        (await FindEndsAsync(proof)).ShouldBe(new() { [0] = Records, [1] = Records });
    }

    [Fact]
    public async Task Nothing_is_dropped_without_a_proof_of_the_same_stream()
    {
        var proof = await ProveAsync();

        (await FindEndsAsync(new LakeProof())).ShouldBeEmpty();
        (await FindEndsAsync(proof, stream: "kafka:another")).ShouldBeEmpty();
    }

    [Fact]
    public async Task Partition_with_unproved_first_records_is_kept()
    {
        var proof = await ProveAsync();
        proof = proof with { Proved = new Dictionary<string, long[][]> { [ModelArchive.Stream] = [[0, 3, Records], [1, 0, 7]] } };

        (await FindEndsAsync(proof)).ShouldBe(new() { [1] = 7 });
        (await FindEndsAsync(proof, low: 3)).ShouldBe(new() { [0] = Records, [1] = 7 });
    }

    [Fact]
    public async Task Records_of_a_day_changed_since_the_proof_are_kept()
    {
        var proof = await ProveAsync();
        var newest = (await _lake.ReadAsync()).Days.Values.MaxBy(day => day.Day.Date)!;
        var offsetsOfNewestDay = newest.Manifest.Files.SelectMany(file => file.Ranges[ModelArchive.Stream])
            .ToLookup(range => range[0], range => range[1]);

        using (var session = await _lake.OpenAsync())
        {
            // Write a new version with the same ticks, as a repair does.
            await new LakeCommits(_lake.Store, session.Catalog).PutAsync(
                newest.Day, newest.Manifest, TestContext.Current.CancellationToken);
        }

        var before = await FindEndsAsync(proof);
        before[0].ShouldBe(offsetsOfNewestDay[0].Min());
        before[1].ShouldBe(offsetsOfNewestDay[1].Min());
        offsetsOfNewestDay[0].Min().ShouldBeInRange(1, Records - 1);
    }

    [Fact]
    public async Task Merge_makes_the_proof_of_its_day_stale()
    {
        var proof = await ProveAsync(merges: false);
        using (var session = await _lake.OpenAsync())
        {
            await TestLake.MergeAsync(session);
        }

        (await FindEndsAsync(proof)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_dropped_while_the_lake_has_a_problem()
    {
        var proof = await ProveAsync();
        var part = _lake.Files("*.parquet")[0];
        File.Move(part, $"{part}.aside");
        (await FindEndsAsync(proof)).ShouldBeEmpty();
        File.Move($"{part}.aside", part);
        (await FindEndsAsync(proof)).ShouldNotBeEmpty();

        var manifest = _lake.Files("_manifest-*").OrderDescending().First();
        var whole = await File.ReadAllBytesAsync(manifest, TestContext.Current.CancellationToken);
        await File.WriteAllBytesAsync(manifest, whole[..^9], TestContext.Current.CancellationToken);
        (await FindEndsAsync(proof)).ShouldBeEmpty();
        await File.WriteAllBytesAsync(manifest, whole, TestContext.Current.CancellationToken);
        (await FindEndsAsync(proof)).ShouldNotBeEmpty();

        Directory.Delete(Path.GetDirectoryName(manifest)!, recursive: true);
        (await FindEndsAsync(proof)).ShouldBeEmpty();
    }

    /// <summary>Writes the archive to the lake, and stores a proof of all of it.</summary>
    private async Task<LakeProof> ProveAsync(bool merges = true)
    {
        await _lake.WriteAsync(_archive, 5, merges);
        return await _lake.ProveAsync(Records);
    }

    private async Task<Dictionary<int, long>> FindEndsAsync(LakeProof proof, string stream = ModelArchive.Stream, long low = 0) =>
        ProvedRecords.FindEnds(
            await _lake.ReadAsync(), proof, stream,
            [new PartitionWatermarks(0, low, Records), new PartitionWatermarks(1, low, Records)]);
}
