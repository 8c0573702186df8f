using System.Collections.Concurrent;
using System.Text;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Objects;
using CloudTicks.Lake.Tests.Writing;
using CloudTicks.Lake.Writing;
using CloudTicks.TestServices;
using CloudTicks.TestServices.PowerLoss;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Lake.Tests.Storage;

/// <summary>A lake in an object store has each tick exactly once, however its writers end, and one writer at a time.</summary>
public sealed class ObjectStoreTests : IDisposable
{
    private static readonly TimeSpan PastLease = TimeSpan.FromMinutes(5);

    private readonly ConcurrentDictionary<string, byte[]> _objects = new();
    private readonly TemporaryFolder _folder = new();
    private readonly TestTime _time = new(TimeProvider.System.GetUtcNow());
    private int _processCount;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Ticks_are_written_once_and_another_process_continues()
    {
        var archive = new ModelArchive().Add(12);
        await RunAsync(new MemoryContainer(_objects), archive, 3);
        _time.Advance(PastLease);
        await RunAsync(new MemoryContainer(_objects), archive.Add(6), 5);

        (await IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
        (await CatalogAsync()).Days.Values.ShouldAllBe(day => day.Manifest.Files.Count == 1);
        _objects.Keys.Count(name => name.StartsWith(ObjectLease.WriterStem, StringComparison.Ordinal)).ShouldBe(1);
        _objects.Keys.ShouldNotContain(name => name.StartsWith("_probe-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Process_killed_at_any_call_leaves_each_tick_once(bool failsAfterEffect)
    {
        var archive = new ModelArchive().Add(6);
        var workingContainer = new MemoryContainer(_objects);
        await RunAsync(workingContainer, archive, 3);
        workingContainer.Calls.ShouldBeGreaterThan(20);
        for (var call = 1; call <= workingContainer.Calls; call++)
        {
            _objects.Clear();
            await Should.ThrowAsync<IOException>(
                () => RunAsync(new MemoryContainer(_objects) { FailingCall = call, FailsAfterEffect = failsAfterEffect }, archive, 3));
            _time.Advance(PastLease);
            await RunAsync(new MemoryContainer(_objects), archive, 4);

            (await IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true, $"call {call}");
            (await CatalogAsync()).Problems.ShouldBeEmpty($"call {call}");
        }
    }

    [Fact]
    public async Task Second_process_writes_after_the_lease_expires()
    {
        var archive = new ModelArchive().Add(8);
        using var first = await OpenAsync(new MemoryContainer(_objects));
        first.ShouldNotBeNull();
        await TestLake.WriteAsync(first, archive, 3);

        (await OpenAsync(new MemoryContainer(_objects))).ShouldBeNull();
        _time.Advance(TimeSpan.FromMinutes(2));
        await TestLake.WriteAsync(first, archive.Add(2), 3);
        _time.Advance(TimeSpan.FromMinutes(2));
        (await OpenAsync(new MemoryContainer(_objects))).ShouldBeNull("the first process has renewed its lease");
        _time.Advance(PastLease);

        using var second = await OpenAsync(new MemoryContainer(_objects));
        second.ShouldNotBeNull();
        await Should.ThrowAsync<LakeConflictException>(() => TestLake.WriteAsync(first, archive.Add(2), 3));
        await TestLake.WriteAsync(second, archive, 3);

        (await IdentitiesAsync()).ShouldBe(archive.Identities, ignoreOrder: true);
    }

    [Fact]
    public async Task File_that_no_manifest_names_is_deleted_after_its_grace()
    {
        var youngFile = $"kind=quote/market=forex/date=2026-11-20/{PartName.Create(6, _time.GetUtcNow())}";
        var oldFile = $"kind=quote/market=forex/date=2026-11-20/{PartName.Create(6, _time.GetUtcNow().AddHours(-2))}";
        (_objects[youngFile], _objects[oldFile]) = ([1], [1]);

        using (await OpenAsync(new MemoryContainer(_objects)))
        {
            _objects.Keys.ShouldContain(youngFile);
            _objects.Keys.ShouldNotContain(oldFile);
        }

        _time.Advance(TimeSpan.FromHours(2));
        using var later = await OpenAsync(new MemoryContainer(_objects));
        _objects.Keys.ShouldNotContain(youngFile);
    }

    [Fact]
    public async Task Store_that_ignores_conditions_is_refused()
    {
        var refused = await Should.ThrowAsync<LakeException>(() => OpenAsync(new MemoryContainer(_objects) { IgnoresConditions = true }));

        refused.Message.ShouldContain("overwrites an object in spite of 'If-None-Match: *'");
        _objects.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cache_keeps_recently_used_files()
    {
        var cache = new LakeFileCache(Path.Combine(_folder.Path, "cache"), 100, _time);
        var downloads = new List<string>();

        foreach (var name in (string[])["a/1", "a/2", "a/1", "b/3", "a/1", "a/2"])
        {
            var path = await GetAsync(name, 40);
            (await File.ReadAllTextAsync(path, Cancellation)).ShouldBe(name.PadRight(40));
            _time.Advance(TimeSpan.FromHours(1));
        }

        downloads.ShouldBe(["a/1", "a/2", "b/3", "a/2"]);
        new DirectoryInfo(cache.Folder).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length).ShouldBe(80);
        _ = await GetAsync("a/2", 40);
        _ = await GetAsync("b/3", 40);
        (await Should.ThrowAsync<LakeException>(() => GetAsync("a/1", 40))).Message.ShouldContain("Raise Lake__CacheBytes.");

        Task<string> GetAsync(string name, long bytes) => cache.GetAsync(name, bytes, path =>
        {
            downloads.Add(name);
            return File.WriteAllTextAsync(path, name.PadRight((int)bytes), Encoding.ASCII, Cancellation);
        });
    }

    private ObjectStore Store(MemoryContainer container)
    {
        var folder = Path.Combine(_folder.Path, $"{_processCount++}");
        return new ObjectStore(
            container, new LakeFileCache(Path.Combine(folder, "files"), 1 << 20, _time), Path.Combine(folder, "writing"), _time);
    }

    private Task<LakeWriterSession?> OpenAsync(MemoryContainer container) => LakeWriterSession.TryOpenAsync(
        Store(container), new TextTickFiles(new UnflushedDisk()), new LakeOptions { MergeAfter = TimeSpan.Zero }, _time,
        NullLogger.Instance, Cancellation);

    private async Task RunAsync(MemoryContainer container, ModelArchive archive, int recordsPerRound)
    {
        using var session = await OpenAsync(container) ?? throw new InvalidOperationException("Another process has the lease.");
        await TestLake.WriteAsync(session, archive, recordsPerRound);
        await TestLake.MergeAsync(session);
    }

    private Task<LakeCatalog> CatalogAsync() => LakeCatalog.ReadAsync(Store(new MemoryContainer(_objects)), Cancellation);

    private async Task<List<ulong>> IdentitiesAsync()
    {
        var store = Store(new MemoryContainer(_objects));
        var found = new List<ulong>();
        foreach (var day in (await LakeCatalog.ReadAsync(store, Cancellation)).Days.Values)
        {
            foreach (var file in day.Manifest.Files)
            {
                found.AddRange(TextTickFiles.Read(await store.FetchAsync($"{day.Day}/{file.Name}", file.Bytes, Cancellation))
                    .Select(tick => tick.Identity));
            }
        }

        return found;
    }
}
