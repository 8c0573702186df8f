using CloudTicks.EventStream.Topics;
using CloudTicks.Lake.Importing;
using CloudTicks.Lake.Manifests;
using CloudTicks.TestServices;

namespace CloudTicks.Lake.Tests.Writing;

public sealed class LakeWriterTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Files_have_each_tick_once_and_the_position_is_committed()
    {
        await using var lake = await HubLake.StartAsync(_folder.Path);
        var archive = new ModelArchive().Add(30);
        archive.AddGarbage(1);
        await lake.ProduceAsync(archive.Records(0));

        await lake.Writer.RunAsync(Cancellation);

        lake.Writer.Status.Problem.ShouldBeNull();
        lake.Writer.Status.Rows.ShouldBe(archive.Identities.Count);
        lake.Writer.Status.LagRecords.ShouldBe(0);
        var producedRecords = archive.Records(0).Count();
        await lake.ProduceAsync(archive.Add(10).Records(producedRecords));
        await lake.Writer.RunAsync(Cancellation);
        await lake.Writer.RunAsync(Cancellation);

        lake.Count().ShouldBe((archive.Identities.Count, archive.Identities.Count));
        var committed = await lake.Positions.GetCommittedAsync(ConsumerGroups.Lake, TopicNames.TickArchive, Cancellation);
        (await lake.WatermarksAsync()).Where(end => end.High > 0).ShouldAllBe(end => committed[end.Partition] == end.High);
    }

    [Fact]
    public async Task Replaced_stream_starts_over_without_repeats()
    {
        var archive = new ModelArchive().Add(12);
        await using (var lake = await HubLake.StartAsync(_folder.Path))
        {
            await lake.ProduceAsync(archive.Records(0));
            await lake.Writer.RunAsync(Cancellation);
        }

        await using var another = await HubLake.StartAsync(_folder.Path);
        await another.ProduceAsync(archive.Add(6).Records(0));
        await another.Writer.RunAsync(Cancellation);
        await another.Writer.RunAsync(Cancellation);

        another.Writer.Status.Problem.ShouldBeNull();
        another.Count().ShouldBe((archive.Identities.Count, archive.Identities.Count));
    }

    [Fact]
    public async Task Status_of_the_running_writer_includes_imported_ticks()
    {
        await using var lake = await HubLake.StartAsync(_folder.File("lake"));
        var archive = new ModelArchive().Add(6);
        await lake.ProduceAsync(archive.Records(0));
        await lake.Writer.RunAsync(Cancellation);
        var file = _folder.File("history.csv");
        await File.WriteAllTextAsync(file, "timestamp_ms,symbol,bid,ask\n1577977200000,EURUSD,1.1,1.2\n", Cancellation);
        var settings = new ImportSettings { Folder = _folder.File("lake") };
        await new LakeImport(settings, TimeProvider.System, _ => { }).RunAsync([file], _ => { }, Cancellation);

        await lake.Writer.RunAsync(Cancellation);

        lake.Writer.Status.Rows.ShouldBe(archive.Identities.Count + 1);
        lake.Writer.Status.Oldest.ShouldBe(DateTimeOffset.FromUnixTimeMilliseconds(1_577_977_200_000));
        (lake.Writer.Status.Problem, lake.Writer.Status.LagRecords).ShouldBe((null, 0));
    }

    [Fact]
    public async Task Archive_that_ends_before_the_lake_is_refused_with_advice()
    {
        await using var lake = await HubLake.StartAsync(_folder.Path);
        var archive = new ModelArchive().Add(4);
        await lake.ProduceAsync(archive.Records(0));
        await lake.Writer.RunAsync(Cancellation);
        lake.Writer.Dispose();
        var test = new TestLake(_folder.Path);
        var catalog = await test.ReadAsync();
        var stream = catalog.Positions.Next.Keys.Single();
        await new LakeCommits(test.Store, catalog).PutAsync(
            catalog.Positions.With(stream, new Dictionary<int, long> { [0] = 1_000 }), Cancellation);

        await lake.Writer.RunAsync(Cancellation);

        lake.Writer.Status.Problem.ShouldNotBeNull().ShouldContain("the archive has lost records");
        lake.Writer.Status.LagRecords.ShouldBeNull();
    }
}
