using System.Globalization;
using CloudTicks.Lake.Comparing;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Tests.Comparing;
using CloudTicks.Lake.Tests.Writing;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Identity;
using Npgsql;

namespace CloudTicks.Lake.Tests.Readers;

/// <summary>
/// Reads a whole lake without the project's code: Python queries the rows through DuckDB's library, and PostgreSQL imports Python's output.
/// Their figures must equal those of the archive and of <c>verify --check lake</c>.
/// </summary>
public sealed class ForeignLakeTests(PostgresFixture postgres) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Python_with_DuckDB_and_PostgreSQL_agree_with_the_archive()
    {
        await using var lake = await ComparedLake.StartAsync(
            60, new LakeOptions { Interval = TimeSpan.Zero, MergeAfter = TimeSpan.Zero });
        await lake.Hub.Writer.RunAsync(Cancellation); // deletes merged files, which a reader that ignores manifests would also count
        var expected = FiguresOf(lake.Model);

        var (exitCode, ticks, complaints) = await NodeScripts.RunProgramAsync(
            await RunPythonAsync(),
            [
                Path.Combine(AppContext.BaseDirectory, "Readers", "Scripts", "lake.py"),
                Environment.GetEnvironmentVariable(DuckDbLibrary.PathVariable)!, lake.Folder,
            ],
            _folder.Path, Cancellation);

        complaints.ShouldBeEmpty();
        exitCode.ShouldBe(0);
        SumBySymbol(ticks.Split('\n').Select(line => line.Split(',')).Select(tick => (
            tick[0], ulong.Parse(tick[^1], CultureInfo.InvariantCulture), decimal.Parse(tick[2], CultureInfo.InvariantCulture))))
            .ShouldBe(expected);
        (await SumInPostgresAsync(ticks)).ShouldBe(expected);
        var verified = await lake.CompareAsync(new LakeSelection { IncludesProved = true });
        verified.Differences.ShouldBeEmpty();
        verified.Lake.ShouldBe(expected.Sum(symbol => symbol.Ticks));
        verified.LakeSum.ShouldBe(expected.Aggregate(0UL, (sum, symbol) => unchecked(sum + symbol.IdentitySum)));
    }

    /// <summary>Returns the figures of each symbol in the archive.</summary>
    private static List<(string Symbol, long Ticks, ulong IdentitySum, decimal BidSum)> FiguresOf(ModelArchive archive)
    {
        var reader = new TickBatchReader(new SymbolDictionary());
        var ticks = new List<(string, ulong, decimal)>();
        foreach (var (_, record) in archive.Records(0))
        {
            var tick = default(Tick);
            reader.Open(record);
            while (reader.TryRead(ref tick))
            {
                ticks.Add((
                    tick.Symbol.ToString(), TickIdentity.Of(tick), decimal.Parse(tick.Bid.ToString(), CultureInfo.InvariantCulture)));
            }
        }

        return SumBySymbol(ticks);
    }

    private static List<(string Symbol, long Ticks, ulong IdentitySum, decimal BidSum)> SumBySymbol(
        IEnumerable<(string Symbol, ulong Identity, decimal Bid)> ticks) =>
    [
        .. ticks.GroupBy(tick => tick.Symbol).OrderBy(symbol => symbol.Key, StringComparer.Ordinal).Select(symbol => (
            symbol.Key, symbol.LongCount(), symbol.Aggregate(0UL, (sum, tick) => unchecked(sum + tick.Identity)),
            symbol.Sum(tick => tick.Bid))),
    ];

    /// <summary>
    /// Imports the ticks into PostgreSQL as <c>\copy … FROM PROGRAM 'python3 lake.py …'</c> does, and returns the counts and sums that
    /// PostgreSQL computes.
    /// </summary>
    private async Task<List<(string Symbol, long Ticks, ulong IdentitySum, decimal BidSum)>> SumInPostgresAsync(string ticks)
    {
        await using var connection = new NpgsqlConnection(await postgres.CreateDatabaseAsync(Cancellation));
        await connection.OpenAsync(Cancellation);
        await using (var create = new NpgsqlCommand(
            "CREATE TABLE lake (symbol text, timestamp_ms bigint, bid numeric, ask numeric, price numeric, identity numeric)", connection))
        {
            await create.ExecuteNonQueryAsync(Cancellation);
        }

        await using (var copy = await connection.BeginTextImportAsync("COPY lake FROM STDIN (FORMAT csv)", Cancellation))
        {
            await copy.WriteAsync(ticks.AsMemory(), Cancellation);
        }

        await using var query = new NpgsqlCommand(
            """
            SELECT symbol, count(*), mod(sum(identity), 18446744073709551616)::text, sum(bid) FROM lake
            GROUP BY symbol ORDER BY symbol COLLATE "C"
            """,
            connection);
        await using var rows = await query.ExecuteReaderAsync(Cancellation);
        var sums = new List<(string, long, ulong, decimal)>();
        while (await rows.ReadAsync(Cancellation))
        {
            sums.Add((
                rows.GetString(0), rows.GetInt64(1), ulong.Parse(rows.GetString(2), CultureInfo.InvariantCulture), rows.GetDecimal(3)));
        }

        return sums;
    }

    /// <summary>Returns the machine's Python, or one downloaded from Debian if the machine has none.</summary>
    private async Task<string> RunPythonAsync()
    {
        if ((await NodeScripts.RunProgramAsync("python3", ["-c", "import ctypes"], _folder.Path, Cancellation)).ExitCode == 0)
        {
            return "python3";
        }

        await ShellPrograms.WriteAsync(_folder.Path);
        return _folder.File("python3");
    }
}
