using System.Text;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;
using CloudTicks.Lake.Storage;
using CloudTicks.Lake.Tests.Writing;
using CloudTicks.TestServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Lake.Tests.Storage;

/// <summary>Requests to an S3 server, and a lake of Parquet files in it.</summary>
public sealed class S3ContainerTests : IAsyncLifetime
{
    private readonly TemporaryFolder _folder = new();
    private S3Server _server = null!;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync() => _server = await S3Server.StartAsync();

    public async ValueTask DisposeAsync()
    {
        _folder.Dispose();
        await _server.DisposeAsync();
    }

    [Fact]
    public async Task Objects_are_put_listed_read_and_deleted()
    {
        var container = _server.Container();
        const string name = "kind=quote/market=forex/a b+c.json";

        (await container.TryPutAsync(name, "hello world"u8.ToArray(), Cancellation)).ShouldBeTrue();
        (await container.TryPutAsync(name, "other"u8.ToArray(), Cancellation)).ShouldBeFalse();
        var file = Path.Combine(_folder.Path, "file");
        await File.WriteAllTextAsync(file, "content", Cancellation);
        foreach (var number in Enumerable.Range(0, 5))
        {
            await container.PutFileAsync($"part-{number}", file, Cancellation);
        }

        Encoding.UTF8.GetString(await container.GetAsync(name, 6, 5, Cancellation)).ShouldBe("world");
        (await container.GetAsync(name, 8, 50, Cancellation)).Length.ShouldBe(3);
        (await container.GetAsync(name, 50, 5, Cancellation)).ShouldBeEmpty();
        await container.DownloadAsync("part-3", file + "2", Cancellation);
        (await File.ReadAllTextAsync(file + "2", Cancellation)).ShouldBe("content");
        (await container.ListAsync("", Cancellation)).Count.ShouldBe(6);
        (await container.ListAsync("kind", Cancellation)).ShouldBe([new StoredObject(name, 11)]);
        await container.DeleteAsync(name, Cancellation);
        await container.DeleteAsync(name, Cancellation);
        await Should.ThrowAsync<FileNotFoundException>(() => container.GetAsync(name, 0, 1, Cancellation));
        await Should.ThrowAsync<FileNotFoundException>(() => container.DownloadAsync(name, file, Cancellation));
        _server.Objects.Keys.ShouldAllBe(key => key.StartsWith("lake/part-", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(403, "<Error><Code>AccessDenied</Code></Error>", "refuses GET: HTTP 403 AccessDenied.")]
    [InlineData(503, "busy", "refuses GET: HTTP 503.")]
    [InlineData(200, "no list", "returned something other than a list of objects.")]
    public async Task Refusal_and_invalid_response_are_reported_without_secrets(int status, string body, string sentence)
    {
        _server.ResponseOverride = (status, body);

        var refused = await Should.ThrowAsync<IOException>(() => _server.Container().ListAsync("", Cancellation));

        refused.Message.ShouldEndWith(sentence);
        refused.Message.ShouldNotContain("secret");
    }

    [Fact]
    public async Task Unavailable_server_is_named()
    {
        var container = _server.Container();
        await _server.DisposeAsync();

        (await Should.ThrowAsync<IOException>(() => container.ListAsync("", Cancellation))).Message
            .ShouldStartWith("s3://ticks/lake at 127.0.0.1:");
    }

    [Fact]
    public async Task Parquet_files_are_written_merged_and_queried()
    {
        var archive = new ModelArchive().Add(12);
        var store = Open("writer");
        var files = new ParquetFiles(new DuckDbSettings { TemporaryFolder = store.TemporaryFolder });
        using (var session = await Lake.Writing.LakeWriterSession.TryOpenAsync(
            store, files, new LakeOptions { MergeAfter = TimeSpan.Zero }, TimeProvider.System, NullLogger.Instance, Cancellation))
        {
            await TestLake.WriteAsync(session.ShouldNotBeNull(), archive, 3);
            await TestLake.MergeAsync(session);
        }

        using var sqlSession = await LakeSession.OpenAsync(
            new LakeSqlOptions { Store = Open("reader"), TemporaryFolder = Path.Combine(_folder.Path, "tmp") }, Cancellation);
        sqlSession.Seal();

        sqlSession.Notes.ShouldBeEmpty();
        sqlSession.FileCount.ShouldBe(3);
        using var rows = sqlSession.Query(
            "SELECT count(*), count(DISTINCT tick_hash) FROM ticks", new Dictionary<string, object?>(), asJson: false, Cancellation);
        rows.TryRead(out var chunk).ShouldBeTrue();
        Encoding.UTF8.GetString(chunk[0].Bytes(0)).ShouldBe($"{archive.Identities.Count}");
        Encoding.UTF8.GetString(chunk[1].Bytes(0)).ShouldBe($"{archive.Identities.Count}");
    }

    private ILakeStore Open(string process) => LakeStores.Open(
        _server.Lake, Path.Combine(_folder.Path, process), LakeStores.DefaultCacheBytes,
        name => name switch { "AWS_ACCESS_KEY_ID" => "id", "AWS_SECRET_ACCESS_KEY" => "secret", _ => "token" }, TimeProvider.System);
}
