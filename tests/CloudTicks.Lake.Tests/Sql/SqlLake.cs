using CloudTicks.Foundations.Disks;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;
using CloudTicks.Lake.Storage;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Tests.Sql;

/// <summary>A lake in a temporary folder, and SQL queries of it.</summary>
internal sealed class SqlLake : IDisposable
{
    public const long StartMs = 1_737_993_600_000; // 2025-01-27 16:00 UTC, 11:00 in New York

    public static readonly IReadOnlyDictionary<string, object?> NoParameters = new Dictionary<string, object?>();

    private readonly FolderStore _store;

    public SqlLake()
    {
        Root = Directory.CreateTempSubdirectory("lake-sql-").FullName;
        Folder = Path.Combine(Root, "lake");
        _store = new FolderStore(Folder, new Disk());
    }

    public delegate void Writer(TickParquetWriter writer);

    public string Root { get; }

    public string Folder { get; }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Writes a file of ticks, and adds it to the manifest of its day.</summary>
    /// <returns>The file's path.</returns>
    public async Task<string> WriteAsync(TickKind kind, Market market, Writer write)
    {
        var catalog = await LakeCatalog.ReadAsync(_store, Cancellation);
        var day = LakeDay.Of(kind, market, StartMs);
        var part = PartName.Create(16, TimeProvider.System.GetUtcNow());
        var name = $"{day}/{part}";
        TickFileFigures figures;
        using (var file = new TickParquetWriter(_store.BeginFile(name), new DuckDbSettings(), new Dictionary<string, string>()))
        {
            write(file);
            figures = file.Complete(Cancellation);
        }

        var entry = new LakeFile
        {
            Name = part,
            FirstHour = 16,
            LastHour = 16,
            Rows = figures.Rows,
            Bytes = await _store.PutFileAsync(name, Cancellation),
            FirstMs = figures.FirstMs,
            LastMs = figures.LastMs,
            IdentitySum = figures.IdentitySum.ToString("x16", System.Globalization.CultureInfo.InvariantCulture),
            AddedMs = StartMs,
            Ranges = new Dictionary<string, long[][]>(),
        };
        await new LakeCommits(_store, catalog).PutAsync(day, catalog.Of(day).Manifest.With([entry], "stream", []), Cancellation);
        return _store.LocalPathOf(name);
    }

    /// <summary>Opens a session that is not sealed.</summary>
    public Task<LakeSession> OpenAsync(long memoryBytes = 256 << 20, string? output = null) => LakeSession.OpenAsync(
        new LakeSqlOptions
        {
            Folder = Folder,
            MemoryBytes = memoryBytes,
            TemporaryFolder = Path.Combine(Root, "tmp"),
            OutputFile = output,
        },
        Cancellation);

    /// <summary>Returns the rows of a query, with commas between the values.</summary>
    public async Task<List<string>> RowsAsync(string sql)
    {
        using var session = await OpenAsync();
        session.Seal();
        return Rows(session, sql);
    }

    public static List<string> Rows(LakeSession session, string sql, IReadOnlyDictionary<string, object?>? parameters = null)
    {
        using var result = session.Query(sql, parameters ?? NoParameters, asJson: false, Cancellation);
        var rows = new List<string>();
        while (result.TryRead(out var chunk))
        {
            for (var row = 0; row < chunk.Count; row++)
            {
                var values = new List<string>();
                for (var column = 0; column < result.Columns.Count; column++)
                {
                    values.Add(chunk[column].IsNull(row) ? "" : System.Text.Encoding.UTF8.GetString(chunk[column].Bytes(row)));
                }

                rows.Add(string.Join(",", values));
            }
        }

        return rows;
    }

    public static Tick Quote(string symbol, long at, string bid, string ask) => Files.TickFile.Quote(symbol, StartMs + at, bid, ask);

    public static Tick Trade(string symbol, long at, string price, string size, int sequence = 0) => new()
    {
        Symbol = Files.TickFile.Symbol(symbol),
        Kind = TickKind.Trade,
        TimestampMs = StartMs + at,
        ReceivedMs = StartMs + at + 5,
        Price = Files.TickFile.Price(price),
        Size = Files.TickFile.Price(size),
        Sequence = sequence,
        Exchange = 4,
        Fields = TickFields.Price | TickFields.Size | TickFields.Sequence | TickFields.Exchange,
    };

    public void Dispose() => Directory.Delete(Root, recursive: true);
}
