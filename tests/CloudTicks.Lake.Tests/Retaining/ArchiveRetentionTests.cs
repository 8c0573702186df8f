using CloudTicks.EventStream.Topics;
using CloudTicks.Lake.Tests.Writing;
using CloudTicks.TestServices;

namespace CloudTicks.Lake.Tests.Retaining;

/// <summary>A real event hub drops only records that are old, proved to be in the lake, and committed by every consumer.</summary>
public sealed class ArchiveRetentionTests : IDisposable
{
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
        (await ReadLowWatermarksAsync(lake)).ShouldBe([0, 0], "the table and NATS do not have it");

        await CommitAsync(lake, ConsumerGroups.Timescale, 10);
        await CommitAsync(lake, ConsumerGroups.Nats, 4);
        await DropAsync(lake, stream, null, later);
        await DropAsync(lake, stream, 5, later);
        (await ReadLowWatermarksAsync(lake)).ShouldBe([0, 0], "it is off, or nothing is old enough");

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

    private static Task DropAsync(HubLake lake, string stream, int? days, TimeProvider time) =>
        lake.Retention(days, time).DropAsync(stream, Cancellation);

    private static async Task<long[]> ReadLowWatermarksAsync(HubLake lake) =>
        [.. (await lake.EndsAsync()).OrderBy(end => end.Partition).Take(2).Select(end => end.Low)];

    private static Task CommitAsync(HubLake lake, string group, long next) => lake.Positions.CommitAsync(
        group, TopicNames.TickArchive, new Dictionary<int, long> { [0] = next, [1] = next }, Cancellation);
}
