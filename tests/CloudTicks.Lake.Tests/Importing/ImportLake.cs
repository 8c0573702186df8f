using System.IO.Compression;
using System.Text;
using CloudTicks.Foundations.Disks;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Importing;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;
using CloudTicks.Lake.Storage;
using CloudTicks.Lake.Tests.Sql;
using CloudTicks.TestServices;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Lake.Tests.Importing;

/// <summary>A lake in a temporary folder, files to import, and the results of importing them.</summary>
internal sealed class ImportLake : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public string Folder => _folder.File("lake");

    public FolderStore Store => new(Folder, new Disk());

    /// <summary>The messages of the last import about invalid lines.</summary>
    public List<string> Faults { get; } = [];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public string File(string name, string content) => File(name, Encoding.UTF8.GetBytes(content));

    public string File(string name, byte[] content)
    {
        var path = _folder.File(name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        System.IO.File.WriteAllBytes(path, content);
        return path;
    }

    /// <summary>Creates a zip of one file.</summary>
    public string Zip(string name, string entry, string content)
    {
        var path = _folder.File(name);
        using var archive = ZipFile.Open(path, ZipArchiveMode.Create);
        using var stream = archive.CreateEntry(entry).Open();
        stream.Write(Encoding.UTF8.GetBytes(content));
        return path;
    }

    public static byte[] Gzip(string content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(Encoding.UTF8.GetBytes(content));
        }

        return bytes.ToArray();
    }

    public Task<ImportReport> ImportAsync(string file, ImportSettings? settings = null) => ImportOneAsync(settings ?? Settings(), file);

    public ImportSettings Settings(params (string Field, string Column)[] columns) =>
        new() { Folder = Folder, Columns = columns.ToDictionary(column => column.Field, column => column.Column) };

    /// <summary>Opens the lake as LakeTicks does.</summary>
    public async Task<CloudTicks.Lake.Writing.LakeWriterSession> OpenAsync() =>
        await CloudTicks.Lake.Writing.LakeWriterSession.TryOpenAsync(
            Store, new ParquetFiles(new DuckDbSettings()), new LakeOptions { MergeAfter = TimeSpan.Zero }, new LaterTime(),
            NullLogger.Instance, Cancellation) ?? throw new InvalidOperationException("The lake is locked.");

    public Task<LakeCatalog> ReadAsync() => LakeCatalog.ReadAsync(Store, Cancellation);

    /// <summary>Returns the rows of a query, with commas between the values.</summary>
    public async Task<List<string>> RowsAsync(string sql)
    {
        using var session = await CloudTicks.Lake.Sql.LakeSession.OpenAsync(
            new LakeSqlOptions { Folder = Folder, TemporaryFolder = _folder.File("tmp") }, Cancellation);
        session.Seal();
        return SqlLake.Rows(session, sql);
    }

    /// <summary>Returns the number of ticks and the number of distinct ticks, with a comma between them.</summary>
    public async Task<string> CountAsync() => (await RowsAsync("SELECT count(*), count(DISTINCT tick_hash) FROM ticks")).Single();

    public void Dispose() => _folder.Dispose();

    /// <summary>A clock 50 years ahead, so that every day of the tests has ended and is due for merging.</summary>
    private sealed class LaterTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => base.GetUtcNow().AddYears(50);
    }

    private async Task<ImportReport> ImportOneAsync(ImportSettings settings, string file)
    {
        Faults.Clear();
        var reports = new List<ImportReport>();
        await new LakeImport(settings, TimeProvider.System, Faults.Add).RunAsync([file], reports.Add, Cancellation);
        return reports.Single();
    }
}
