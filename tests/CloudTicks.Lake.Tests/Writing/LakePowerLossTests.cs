using CloudTicks.TestServices;
using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.Lake.Tests.Writing;

public sealed class LakePowerLossTests
{
    private static readonly int MaxDisks = LongSuite.IsOn ? 20_000 : 300;

    [Fact]
    public async Task Power_cut_anywhere_leaves_each_tick_once()
    {
        var archive = new ModelArchive().Add(10);
        var promisedRows = new List<int>();

        var checkedStates = await PowerCutTrial.RunAsync(
            async run =>
            {
                var lake = new TestLake(run.Folder, run.Disk);
                var rows = 0;
                using var session = await lake.OpenAsync();
                foreach (var (round, next) in archive.Rounds(session.Catalog.Positions, 3))
                {
                    await session.Writer.WriteAsync(round, next, TestContext.Current.CancellationToken);
                    promisedRows.Add(rows += (int)round.Ticks);
                    run.Promise();
                    await TestLake.MergeAsync(session);
                }
            },
            async (folder, promises) =>
            {
                var lake = new TestLake(folder);
                using (await lake.OpenAsync())
                {
                    var kept = await lake.IdentitiesAsync();
                    kept.ShouldBeUnique();
                    kept.Count.ShouldBeGreaterThanOrEqualTo(promises == 0 ? 0 : promisedRows[promises - 1]);
                    lake.Files("*.tmp").ShouldBeEmpty();
                }

                // Split the remaining records into different rounds than before.
                await lake.WriteAsync(archive, recordsPerRound: 4, merges: promises % 2 == 0);
                (await lake.IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
                (await lake.ReadAsync()).Problems.ShouldBeEmpty();
            },
            disks: MaxDisks);

        checkedStates.ShouldBeGreaterThan(100);
    }

    [Fact]
    public async Task Missing_flush_is_detected() =>
        await Should.ThrowAsync<InvalidOperationException>(() => PowerCutTrial.RunAsync(
            async run =>
            {
                await new TestLake(run.Folder, run.Disk).WriteAsync(new ModelArchive().Add(4), 2);
                run.Promise();
            },
            async (folder, promises) =>
            {
                var lake = new TestLake(folder);
                (await lake.IdentitiesAsync()).Count.ShouldBeGreaterThanOrEqualTo(promises * 16);
            },
            ignoresFlush: name => name.Contains("part-", StringComparison.Ordinal)));
}
