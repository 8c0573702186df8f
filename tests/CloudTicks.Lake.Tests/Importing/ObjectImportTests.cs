using System.Collections.Concurrent;
using CloudTicks.Lake.Importing;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Objects;
using CloudTicks.Lake.Sql;
using CloudTicks.Lake.Storage;
using CloudTicks.Lake.Tests.Sql;
using CloudTicks.Lake.Tests.Storage;
using CloudTicks.Lake.Tests.Writing;
using CloudTicks.TestServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Lake.Tests.Importing;

/// <summary>An import into an object store adds each tick once, however it ends, and only one import runs at a time.</summary>
public sealed class ObjectImportTests : IDisposable
{
    private static readonly TimeSpan PastLease = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, byte[]> _objects = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TestTime _time = new(TimeProvider.System.GetUtcNow());
    private int _processCount;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Overlapping_imports_store_each_tick_once_in_s3()
    {
        await using var server = await S3Server.StartAsync();
        var folder = _folder.File("a");

        (await ImportAsync(Open(), File("a.csv", 0, 3_000))).Added.ShouldBe(3_000);
        (await ImportAsync(Open(), File("b.csv", 2_900, 3_100))).Added.ShouldBe(100);
        (await ImportAsync(Open(), File("a.csv", 0, 3_000), isDryRun: true)).Added.ShouldBe(0);

        (await CountAsync(Open())).ShouldBe("3100,3100");
        var stagedFiles = Directory.Exists(folder) ? Directory.GetFiles(folder, "*.tmp", SearchOption.AllDirectories) : [];
        stagedFiles.ShouldBeEmpty();

        ILakeStore Open() => LakeStores.Open(
            server.Lake, folder, LakeStores.DefaultCacheBytes,
            name => name switch { "AWS_ACCESS_KEY_ID" => "id", "AWS_SECRET_ACCESS_KEY" => "secret", _ => "token" }, TimeProvider.System);
    }

    [Fact]
    public async Task Import_while_a_writer_is_open_causes_no_conflict()
    {
        var archive = new ModelArchive().Add(4);
        var store = Store(new MemoryContainer(_objects));
        var files = new Lake.Files.ParquetFiles(new DuckDbSettings { TemporaryFolder = store.TemporaryFolder });
        using var session = await Lake.Writing.LakeWriterSession.TryOpenAsync(
            store, files, new LakeOptions(), _time, NullLogger.Instance, Cancellation) ?? throw new InvalidOperationException("Locked.");
        await TestLake.WriteAsync(session, archive, 4);

        (await ImportAsync(Store(new MemoryContainer(_objects)), File("a.csv", 0, 500))).Added.ShouldBe(500);
        await session.RefreshAsync(Cancellation);
        await TestLake.WriteAsync(session, archive.Add(4), 4);

        var expected = archive.Identities.Count + 500;
        (await CountAsync(Store(new MemoryContainer(_objects)))).ShouldBe($"{expected},{expected}");
        session.Catalog.Days.Values.Sum(day => day.Manifest.Files.Sum(file => file.Rows)).ShouldBe(expected);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Import_killed_at_any_call_and_repeated_adds_each_tick_once(bool failsAfterEffect)
    {
        var file = File("a.csv", 0, 1_500);
        var workingContainer = new MemoryContainer(_objects);
        await ImportAsync(Store(workingContainer), file);
        workingContainer.Calls.ShouldBeGreaterThan(10);
        for (var call = 1; call < workingContainer.Calls - 1; call++)
        {
            _objects.Clear();
            var container = new MemoryContainer(_objects) { FailingCall = call, FailsAfterEffect = failsAfterEffect };
            await Should.ThrowAsync<IOException>(() => ImportAsync(Store(container), file));
            _time.Advance(PastLease);
            await ImportAsync(Store(new MemoryContainer(_objects)), file);

            var store = Store(new MemoryContainer(_objects));
            (await CountAsync(store)).ShouldBe("1500,1500", $"call {call}");
            (await LakeCatalog.ReadAsync(store, Cancellation)).Problems.ShouldBeEmpty($"call {call}");
        }
    }

    [Fact]
    public async Task Killed_import_blocks_others_only_until_its_lease_expires()
    {
        // Every call after the lease was acquired fails, as if the process had ended.
        var store = Store(new MemoryContainer(_objects) { FailingCall = 6 });
        (await store.TryBeginImportAsync(Cancellation)).ShouldNotBeNull();

        var next = Store(new MemoryContainer(_objects));
        (await next.TryBeginImportAsync(Cancellation)).ShouldBeNull();
        (await next.TryLockImportsAsync(Cancellation)).ShouldBeNull("a writer that starts deletes nothing");
        _time.Advance(PastLease);

        await using (var acquired = await next.TryBeginImportAsync(Cancellation))
        {
            acquired.ShouldNotBeNull();
            (await Should.ThrowAsync<LakeException>(() => store.DeleteAsync("part", Cancellation))).Message.ShouldContain("lost its lease");
        }

        await using var released = await Store(new MemoryContainer(_objects)).TryBeginImportAsync(Cancellation);
        released.ShouldNotBeNull("an import that ends releases its lease");
    }

    private async Task<ImportReport> ImportAsync(ILakeStore store, string file, bool isDryRun = false)
    {
        var reports = new List<ImportReport>();
        var settings = new ImportSettings { Folder = "", Store = store, IsDryRun = isDryRun };
        await new LakeImport(settings, _time, _ => { }).RunAsync([file], reports.Add, Cancellation);
        return reports.Single();
    }

    private async Task<string> CountAsync(ILakeStore store)
    {
        using var session = await LakeSession.OpenAsync(
            new LakeSqlOptions { Store = store, TemporaryFolder = _folder.File($"sql-{_processCount++}") }, Cancellation);
        session.Seal();
        return SqlLake.Rows(session, "SELECT count(*), count(DISTINCT tick_hash) FROM ticks").Single();
    }

    private ObjectStore Store(MemoryContainer container)
    {
        var folder = _folder.File($"{_processCount++}");
        return new ObjectStore(
            container, new LakeFileCache(Path.Combine(folder, "files"), 1 << 24, _time), Path.Combine(folder, "writing"), _time);
    }

    /// <summary>Writes a CSV file of quotes, one per minute.</summary>
    private string File(string name, int from, int to)
    {
        var path = _folder.File(name);
        System.IO.File.WriteAllText(path, "timestamp_ms,symbol,bid,ask\n" + string.Concat(Enumerable.Range(from, to - from)
            .Select(i => $"{1_700_006_400_000L + (i * 60_000L)},EURUSD,1.{10_000 + i},1.{10_002 + i}\n")));
        return path;
    }
}
