using System.Text;
using CloudTicks.Lake.Manifests;
using CloudTicks.TestServices;

namespace CloudTicks.Lake.Tests.Writing;

public sealed class LakeFolderTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly TestLake _lake;

    public LakeFolderTests() => _lake = new TestLake(_folder.Path);

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Repeated_rounds_write_each_tick_once()
    {
        var archive = new ModelArchive().Add(12);
        await _lake.WriteAsync(archive, 5);
        Array.ForEach(_lake.Files("_positions-*"), File.Delete);

        await _lake.WriteAsync(archive.Add(3), 2);

        (await _lake.IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
    }

    [Fact]
    public async Task Hour_and_day_of_each_tick_are_those_of_its_file()
    {
        await _lake.WriteAsync(new ModelArchive().Add(12), 3);

        foreach (var path in _lake.Files("*.parquet"))
        {
            var name = Path.GetRelativePath(_folder.Path, path);
            foreach (var (ms, _) in TicksIn(path))
            {
                var at = DateTimeOffset.FromUnixTimeMilliseconds(ms);
                name.ShouldStartWith($"kind=quote/market=forex/date={at:yyyy-MM-dd}/hour={at:HH}/part-");
            }
        }
    }

    [Fact]
    public async Task Merged_days_have_one_file_without_repeated_ticks()
    {
        var archive = new ModelArchive().Add(12);
        archive.Repeat(0, 1);
        archive.Repeat(1, 0);
        await _lake.WriteAsync(archive, 3, merges: true);

        (await _lake.IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
        var days = (await _lake.ReadAsync()).Days.Values;
        days.ShouldAllBe(day => day.Manifest.Files.Count == 1);
        _lake.Files("*.parquet").Length.ShouldBe(days.Count());
        var sum = archive.Identities.Aggregate(0UL, (total, identity) => unchecked(total + identity));
        days.SelectMany(day => day.Manifest.Files).Aggregate(0UL, (total, file) => unchecked(total + file.Sum)).ShouldBe(sum);
    }

    [Fact]
    public async Task Clock_set_back_loses_nothing_and_delays_no_merge()
    {
        var archive = new ModelArchive().Add(8);
        var ahead = TimeProvider.System.GetUtcNow().AddHours(30);
        using (var session = await _lake.OpenAsync(time: new TestTime(ahead)))
        {
            await TestLake.WriteAsync(session, archive, 2);
        }

        // The clock is corrected, so the time of the files is now in the future.
        using (var session = await _lake.OpenAsync(time: new TestTime(ahead.AddHours(-30))))
        {
            session.Catalog.Days.Values.SelectMany(day => day.Manifest.Files)
                .ShouldAllBe(file => file.AddedMs == ahead.ToUnixTimeMilliseconds());
            await TestLake.WriteAsync(session, archive.Add(8), 3);
            await TestLake.MergeAsync(session);
        }

        (await _lake.IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
        var yesterdayMs = TimeProvider.System.GetUtcNow().AddDays(-1).ToUnixTimeMilliseconds();
        (await _lake.ReadAsync()).Days.Values.Where(day => day.Day.StartMs < yesterdayMs).ShouldAllBe(day => day.Manifest.Files.Count == 1);
    }

    [Fact]
    public async Task Late_ticks_are_merged_into_a_merged_day()
    {
        var archive = new ModelArchive().Add(6);
        await _lake.WriteAsync(archive, 3, merges: true);
        await _lake.WriteAsync(archive.Add(20), 7, merges: true);

        (await _lake.IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
        (await _lake.ReadAsync()).Days.Values.ShouldAllBe(day => day.Manifest.Files.Count == 1);
    }

    [Fact]
    public async Task Unreadable_record_is_counted_and_skipped()
    {
        var archive = new ModelArchive().Add(4);
        archive.AddGarbage(1);
        archive.Add(4);
        using var session = await _lake.OpenAsync();
        var unreadable = 0L;
        foreach (var (round, next) in archive.Rounds(session.Catalog.Positions, 3))
        {
            await session.Writer.WriteAsync(round, next, TestContext.Current.CancellationToken);
            unreadable += round.Unreadable;
        }

        unreadable.ShouldBe(1);
        (await _lake.IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
    }

    [Fact]
    public async Task Flipped_byte_in_a_manifest_is_reported_and_recovered()
    {
        var archive = new ModelArchive().Add(12);
        await _lake.WriteAsync(archive, 2);
        foreach (var pattern in new[] { "_manifest-*", "_positions-*" })
        {
            var path = Newest(pattern);
            Flip(path);
            (await _lake.ReadAsync()).Problems.ShouldContain(problem => problem.Contains(Path.GetFileName(path), StringComparison.Ordinal));

            await _lake.WriteAsync(archive, 3);

            (await _lake.IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
        }
    }

    [Fact]
    public async Task Day_whose_manifests_are_all_damaged_is_written_again()
    {
        var archive = new ModelArchive().Add(12);
        await _lake.WriteAsync(archive, 4, merges: true);
        Array.ForEach(_lake.Files("_manifest-*"), Flip);

        await _lake.WriteAsync(archive, 4, merges: true);

        (await _lake.IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
    }

    [Fact]
    public async Task Missing_file_is_reported_and_the_others_are_read()
    {
        var archive = new ModelArchive().Add(12);
        await _lake.WriteAsync(archive, 12, merges: true);
        var lost = _lake.Files("*.parquet").First();
        var lostTicks = TicksIn(lost).Count();
        File.Delete(lost);

        (await _lake.ReadAsync()).Problems.ShouldHaveSingleItem().ShouldContain(Path.GetFileName(lost));
        await _lake.WriteAsync(archive.Add(4), 2, merges: true);

        (await _lake.IdentitiesAsync()).Count.ShouldBe(archive.Identities.Count - lostTicks);
    }

    [Fact]
    public async Task Foreign_files_are_kept_and_not_counted()
    {
        var archive = new ModelArchive().Add(6);
        await _lake.WriteAsync(archive, 3);
        var userFile = _folder.Write("notes.txt", "mine");
        var foreignFile = Path.Combine(Path.GetDirectoryName(_lake.Files("*.parquet")[0])!, "other.parquet");
        File.WriteAllText(foreignFile, "not ours");

        await _lake.WriteAsync(archive.Add(3), 3, merges: true);

        File.Exists(userFile).ShouldBeTrue();
        File.Exists(foreignFile).ShouldBeTrue();
        (await _lake.ReadAsync()).Foreign.Count.ShouldBe(2);
        (await _lake.IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
    }

    [Fact]
    public async Task Manifest_of_a_later_version_is_refused_with_advice()
    {
        await _lake.WriteAsync(new ModelArchive().Add(4), 4);
        var path = Newest("_manifest-*");
        File.WriteAllBytes(path, ChecksummedJson.Write(new DayManifest { Format = DayManifest.CurrentFormat + 1 }));

        var refused = await Should.ThrowAsync<LakeException>(_lake.ReadAsync);

        refused.Message.ShouldContain("has format 2");
        refused.Message.ShouldContain("update this program");
    }

    [Fact]
    public async Task Two_writers_without_a_lock_write_each_tick_once()
    {
        var archive = new ModelArchive().Add(12);
        // Simulate a store without locks, in which the only guarantee is that no name can be written twice.
        using var first = await _lake.OpenAsync();
        File.Delete(_folder.File("_lock"));
        using (var second = await _lake.OpenAsync())
        {
            await TestLake.WriteAsync(second, archive, 5);
        }

        await Should.ThrowAsync<LakeConflictException>(() => TestLake.WriteAsync(first, archive, 3));
        await Should.NotThrowAsync(async () =>
        {
            File.Delete(_folder.File("_lock"));
            await _lake.WriteAsync(archive.Add(4), 3);
        });

        (await _lake.IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
    }

    [Fact]
    public async Task Lake_has_one_writer_at_a_time()
    {
        using (await _lake.OpenAsync())
        {
            await Should.ThrowAsync<InvalidOperationException>(() => _lake.OpenAsync());
        }

        (await _lake.OpenAsync()).Dispose();
    }

    private static IEnumerable<(long Ms, ulong Identity)> TicksIn(string path) => TextTickFiles.Read(path);

    private string Newest(string pattern) => _lake.Files(pattern).Order(StringComparer.Ordinal).Last();

    private static void Flip(string path)
    {
        var bytes = File.ReadAllBytes(path);
        bytes[Encoding.UTF8.GetString(bytes).IndexOf("\"content\"", StringComparison.Ordinal) + 20] ^= 1;
        File.WriteAllBytes(path, bytes);
    }
}
