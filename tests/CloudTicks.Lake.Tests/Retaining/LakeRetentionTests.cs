using CloudTicks.Lake.Tests.Writing;
using CloudTicks.Lake.Writing;
using CloudTicks.TestServices;
using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.Lake.Tests.Retaining;

/// <summary>
/// Old days are dropped as a whole and are never written again. A new manifest without files is stored before the files are deleted.
/// </summary>
public sealed class LakeRetentionTests : IDisposable
{
    private static readonly DateOnly FirstDay = new(2026, 11, 19);

    private readonly TemporaryFolder _folder = new();
    private readonly TestLake _lake;
    private readonly ModelArchive _archive = new();

    /// <summary>The time at which files are added, some days after the archive's ticks.</summary>
    private readonly TestTime _time = new(new DateTimeOffset(2026, 12, 1, 0, 0, 0, TimeSpan.Zero));

    public LakeRetentionTests() => _lake = new TestLake(_folder.Path);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Without_a_setting_nothing_is_ever_dropped()
    {
        _archive.Add(40);
        using var session = await OpenAsync(null);
        await TestLake.WriteAsync(session, _archive, 7);
        _time.Shift(TimeSpan.FromDays(10_000));

        (await session.Retention.DropAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Old_day_whose_files_were_added_since_the_cutoff_is_kept()
    {
        _archive.Add(150);
        using var session = await OpenAsync(2);
        await TestLake.WriteAsync(session, _archive, 7);

        (await session.Retention.DropAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Days_are_dropped_whole_and_are_not_written_again()
    {
        // These records hold five days of ticks.
        _archive.Add(150);
        using (var session = await OpenAsync(2))
        {
            Move(_time, new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.Zero));
            await TestLake.WriteAsync(session, _archive, 7);
            var newest = session.Catalog.Days.Values.SelectMany(day => day.Manifest.Files).Max(file => file.LastMs);
            Move(_time, new DateTimeOffset(2026, 12, 24, 0, 0, 0, TimeSpan.Zero));

            var dropped = await session.Retention.DropAsync(Cancellation);

            var cutoff = newest - (long)TimeSpan.FromDays(2).TotalMilliseconds;
            dropped.Count.ShouldBeGreaterThan(0);
            dropped.ShouldContain(day => day.Day.Date == FirstDay);
            dropped.ShouldAllBe(day => day.Day.EndMs <= cutoff);
            session.Catalog.Days.Values.Where(day => day.Day.EndMs <= cutoff).ShouldAllBe(day => day.Manifest.Files.Count == 0);
            // A reader that has just listed the files can still open them.
            dropped.SelectMany(day => day.Manifest.Files.Select(file => $"{day.Day}/{file.Name}"))
                .ShouldAllBe(name => File.Exists(Path.Combine(_folder.Path, name)));
            await session.DeleteReplacedAsync(Cancellation);
            (await session.Retention.DropAsync(Cancellation)).ShouldBeEmpty();
        }

        var kept = await _lake.IdentitiesAsync();
        Array.ForEach(_lake.Files("_positions-*"), File.Delete);
        await _lake.WriteAsync(_archive, 5);

        (await _lake.IdentitiesAsync()).ShouldBe(kept, ignoreOrder: true);
        (await _lake.ReadAsync()).Problems.ShouldBeEmpty();
        (await _lake.ReadAsync()).Days.Values.Single(day => day.Day.Date == FirstDay).Manifest.DroppedMs.ShouldNotBeNull();
        Directory.GetFiles(Path.Combine(_folder.Path, "kind=quote", "market=forex", $"date={FirstDay:yyyy-MM-dd}"), "*.parquet",
            SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task Clock_ahead_of_the_newest_tick_drops_nothing()
    {
        _archive.Add(10);
        using var session = await OpenAsync(3);
        Move(_time, new DateTimeOffset(2026, 11, 1, 0, 0, 0, TimeSpan.Zero));
        await TestLake.WriteAsync(session, _archive, 7);
        Move(_time, new DateTimeOffset(2046, 1, 1, 0, 0, 0, TimeSpan.Zero));

        (await session.Retention.DropAsync(Cancellation)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Power_cut_at_any_point_of_dropping_leaves_whole_days()
    {
        var archive = new ModelArchive().Add(60);
        var checkedStates = await PowerCutTrial.RunAsync(
            async run =>
            {
                var time = new TestTime(new DateTimeOffset(2026, 11, 19, 0, 0, 0, TimeSpan.Zero));
                using var session = await new TestLake(run.Folder, run.Disk).OpenAsync(1, time);
                await TestLake.WriteAsync(session, archive, 30);
                Move(time, new DateTimeOffset(2026, 12, 24, 0, 0, 0, TimeSpan.Zero));
                await session.Retention.DropAsync(Cancellation);
                run.Promise();
                await session.DeleteReplacedAsync(Cancellation);
                run.Promise();
            },
            async (folder, promises) =>
            {
                var lake = new TestLake(folder);
                await lake.WriteAsync(archive, recordsPerRound: 20);
                var catalog = await lake.ReadAsync();
                catalog.Problems.ShouldBeEmpty();
                var firstDayManifest = catalog.Days.Values.Single(day => day.Day.Date == FirstDay).Manifest;
                if (promises > 0)
                {
                    firstDayManifest.Files.ShouldBeEmpty();
                }

                // A day is dropped completely or not at all.
                var kept = (await lake.IdentitiesAsync()).ToHashSet();
                foreach (var day in archive.IdentitiesByDay)
                {
                    day.Count(kept.Contains).ShouldBeOneOf(0, day.Count());
                }
            },
            disks: LongSuite.IsOn ? 5_000 : 100);

        checkedStates.ShouldBeGreaterThan(50);
    }

    private static void Move(TestTime time, DateTimeOffset to) => time.Shift(to - time.GetUtcNow());

    private Task<LakeWriterSession> OpenAsync(int? days) => _lake.OpenAsync(days, _time);
}
