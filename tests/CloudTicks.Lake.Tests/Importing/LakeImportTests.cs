using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Tests.Writing;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Tests.Importing;

/// <summary>After imports the lake has each tick once, despite concurrent writers.</summary>
public sealed class LakeImportTests : IDisposable
{
    private const string CsvHeader = "timestamp_ms,symbol,bid,ask\n";

    private readonly ImportLake _lake = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Ticks_of_an_unsorted_file_are_stored_once_in_their_days()
    {
        var file = _lake.File("a.csv", $"{CsvHeader}{Quotes(1_500, 3_000)}{Quotes(0, 1_500)}{Quotes(1_000, 1_100)}");

        var report = await _lake.ImportAsync(file, _lake.Settings() with { TicksPerRun = 700, TicksPerFile = 500 });

        (report.Ticks, report.Added, report.Known, report.InvalidLines).ShouldBe((3_100, 3_000, 100, 0));
        report.Days.ShouldBe(3);
        (await _lake.CountAsync()).ShouldBe("3000,3000");
        (await _lake.RowsAsync("SELECT DISTINCT source, archive_partition, received_ms FROM ticks")).ShouldBe(["import,,"]);
        var days = (await _lake.ReadAsync()).Days.Values;
        days.Sum(day => day.Manifest.Files.Sum(one => one.Rows)).ShouldBe(3_000);
        days.SelectMany(day => day.Manifest.Covered.Keys).Distinct().ShouldBe([$"import:{report.Sha256}"]);
        days.Max(day => day.Manifest.Files.Count).ShouldBe(24, "a day with many ticks has one file per hour");
    }

    [Fact]
    public async Task Second_import_adds_nothing_and_writes_nothing()
    {
        var file = _lake.File("a.csv", CsvHeader + Quotes(0, 500));
        await _lake.ImportAsync(file);
        var versions = Versions(await _lake.ReadAsync());

        var secondReport = await _lake.ImportAsync(file);
        var copyReport = await _lake.ImportAsync(_lake.File("elsewhere/a.csv", CsvHeader + Quotes(400, 600)));

        (secondReport.Added, secondReport.Known).ShouldBe((0, 500));
        (copyReport.Added, copyReport.Known).ShouldBe((100, 100));
        (await _lake.CountAsync()).ShouldBe("600,600");
        versions.ShouldBe(["1"]);
        Directory.Exists(_lake.Store.ImportFolder).ShouldBeFalse();
    }

    [Fact]
    public async Task Dry_run_writes_nothing()
    {
        var report = await _lake.ImportAsync(_lake.File("a.csv", CsvHeader + Quotes(0, 500)), _lake.Settings() with { IsDryRun = true });

        (report.Ticks, report.Added, report.Days).ShouldBe((500, 500, 1));
        Directory.Exists(_lake.Folder).ShouldBeFalse();
    }

    [Fact]
    public async Task Live_and_imported_ticks_are_deduplicated()
    {
        var archive = new ModelArchive().Add(20);
        using (var session = await _lake.OpenAsync())
        {
            await TestLake.WriteAsync(session, archive, 10);
        }

        var live = await _lake.RowsAsync("SELECT symbol, timestamp_ms, bid_exact, ask_exact FROM ticks ORDER BY ALL");
        archive.Add(20); // the lake does not have these records yet
        using (var other = new ImportLake())
        {
            using (var session = await other.OpenAsync())
            {
                await TestLake.WriteAsync(session, archive, 40);
            }

            var all = await other.RowsAsync("SELECT timestamp_ms, symbol, bid_exact, ask_exact FROM ticks ORDER BY ALL");
            var report = await _lake.ImportAsync(_lake.File("history.csv", $"{CsvHeader}{string.Join('\n', all)}\n{Quotes(0, 5)}"));
            (report.Ticks, report.Known).ShouldBe((all.Count + 5, live.Count));
        }

        using (var session = await _lake.OpenAsync())
        {
            await TestLake.WriteAsync(session, archive, 10);
            await TestLake.MergeAsync(session);
        }

        var expected = archive.Identities.Count + 5;
        (await _lake.CountAsync()).ShouldBe($"{expected},{expected}");
        (await _lake.RowsAsync("SELECT source, count(*) FROM ticks GROUP BY ALL ORDER BY 1"))
            .ShouldBe(["import,5", $"live,{archive.Identities.Count}"], "of two equal ticks, the archive's is kept");
    }

    [Fact]
    public async Task Writer_that_has_not_seen_the_imports_loses_nothing()
    {
        var archive = new ModelArchive().Add(4);
        using var session = await _lake.OpenAsync();
        await TestLake.WriteAsync(session, archive, 4);
        var at = long.Parse((await _lake.RowsAsync("SELECT max(timestamp_ms) FROM ticks")).Single(),
            System.Globalization.CultureInfo.InvariantCulture);

        // Import several times, so that another writer creates the version that this writer would write next, and deletes it again.
        for (var file = 0; file < 4; file++)
        {
            var report = await _lake.ImportAsync(_lake.File($"{file}.csv", $"{CsvHeader}{at},NZDUSD,0.8,0.{81 + file}\n"));
            report.Added.ShouldBe(1);
        }

        archive.Add(4);
        await Should.ThrowAsync<LakeConflictException>(() => TestLake.WriteAsync(session, archive, 4));
        session.Dispose();
        using (var next = await _lake.OpenAsync())
        {
            await TestLake.WriteAsync(next, archive, 4);
        }

        var expected = archive.Identities.Count + 4;
        (await _lake.CountAsync()).ShouldBe($"{expected},{expected}");
    }

    [Fact]
    public async Task Running_writer_has_no_conflict_with_imports()
    {
        var archive = new ModelArchive().Add(4);
        using var session = await _lake.OpenAsync();
        await TestLake.WriteAsync(session, archive, 4);
        await session.RefreshAsync(Cancellation);
        var at = long.Parse((await _lake.RowsAsync("SELECT max(timestamp_ms) FROM ticks")).Single(),
            System.Globalization.CultureInfo.InvariantCulture);

        await _lake.ImportAsync(_lake.File("same-day.csv", $"{CsvHeader}{at},NZDUSD,0.8,0.81\n"));
        await _lake.ImportAsync(_lake.File("days.csv", CsvHeader + Quotes(0, 3_000)));
        await session.RefreshAsync(Cancellation);

        Rows(session).ShouldBe(archive.Identities.Count + 3_001);
        archive.Add(4);
        await TestLake.WriteAsync(session, archive, 4);
        await TestLake.MergeAsync(session);
        var expected = archive.Identities.Count + 3_001;
        (await _lake.CountAsync()).ShouldBe($"{expected},{expected}");
        Rows(session).ShouldBe(expected);
    }

    [Fact]
    public async Task Running_writer_reads_the_manifests_of_a_killed_import()
    {
        using var session = await _lake.OpenAsync();
        await session.RefreshAsync(Cancellation);
        await using (await _lake.Store.TryBeginImportAsync(Cancellation))
        {
            await session.RefreshAsync(Cancellation);
            var catalog = await _lake.ReadAsync();
            var commits = new LakeCommits(_lake.Store, catalog);
            var day = new LakeDay(TickKind.Quote, Market.Forex, new DateOnly(2024, 1, 2));
            await commits.PutAsync(day, new DayManifest(), Cancellation);
            await session.RefreshAsync(Cancellation);
            session.Catalog.Days.Count.ShouldBe(1);
            await commits.PutAsync(day with { Date = day.Date.AddDays(1) }, new DayManifest(), Cancellation);
        }

        await session.RefreshAsync(Cancellation);

        session.Catalog.Days.Count.ShouldBe(2);
    }

    [Fact]
    public async Task Starting_writer_keeps_the_files_of_a_running_import()
    {
        await _lake.ImportAsync(_lake.File("a.csv", CsvHeader + Quotes(0, 10)));
        var day = (await _lake.ReadAsync()).Days.Keys.Single();
        var preparedFile = _lake.File($"lake/{day}/hour=07/part-prepared.parquet", "");
        await using (await _lake.Store.TryBeginImportAsync(Cancellation))
        {
            (await _lake.Store.TryLockImportsAsync(Cancellation)).ShouldBeNull();
            (await _lake.OpenAsync()).Dispose();
            File.Exists(preparedFile).ShouldBeTrue();
        }

        (await _lake.OpenAsync()).Dispose();
        File.Exists(preparedFile).ShouldBeFalse();
    }

    [Fact]
    public async Task Leftovers_of_a_killed_import_are_deleted_by_the_next_one()
    {
        await _lake.ImportAsync(_lake.File("a.csv", CsvHeader + Quotes(0, 10)));
        var day = (await _lake.ReadAsync()).Days.Keys.Single();
        var leftoverFile = _lake.File($"lake/{day}/hour=07/part-left.parquet.tmp", "");
        var stagedFile = _lake.File("lake/_temporary-import/run-1.parquet", "");

        await _lake.ImportAsync(_lake.File("b.csv", CsvHeader + Quotes(10, 20)));

        (File.Exists(leftoverFile), File.Exists(stagedFile)).ShouldBe((false, false));
        (await _lake.ReadAsync()).Foreign.ShouldBeEmpty();
    }

    [Fact]
    public async Task Import_into_a_day_with_a_damaged_manifest_is_refused()
    {
        await _lake.ImportAsync(_lake.File("a.csv", CsvHeader + Quotes(0, 10)));
        await _lake.ImportAsync(_lake.File("b.csv", CsvHeader + Quotes(10, 20)));
        var newestManifest = Directory.GetFiles(_lake.Folder, "_manifest-00000002.json", SearchOption.AllDirectories).Single();
        await File.WriteAllTextAsync(newestManifest, "{}", Cancellation);

        var refused = await Should.ThrowAsync<LakeException>(() => _lake.ImportAsync(_lake.File("c.csv", CsvHeader + Quotes(20, 30))));

        refused.Message.ShouldContain("is damaged");
    }

    private static long Rows(CloudTicks.Lake.Writing.LakeWriterSession session) =>
        session.Catalog.Days.Values.Sum(day => day.Manifest.Files.Sum(file => file.Rows));

    private static List<string> Versions(LakeCatalog catalog) => [.. catalog.Days.Values.Select(day => $"{day.Version}")];

    /// <summary>Returns CSV lines of quotes, one per minute.</summary>
    private static string Quotes(int from, int to) => string.Concat(Enumerable.Range(from, to - from)
        .Select(i => $"{1_700_006_400_000L + (i * 60_000L)},EURUSD,1.{10_000 + i},1.{10_002 + i}\n"));
}
