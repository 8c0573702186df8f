using System.Globalization;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Tests.Files;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Tests.Readers;

/// <summary>A Parquet reader other than DuckDB computes the same figures from each file as the writer.</summary>
public sealed class ForeignReaderTests : IDisposable
{
    private const long StartMs = 1_737_993_600_000;

    private static readonly NodeScripts Scripts = new(Path.Combine(AppContext.BaseDirectory, "Readers", "Scripts"), "parquet-readers");
    private static readonly string[] Prices =
        ["1.04510", "0.0000000000000000000123", "9223372036854775807", "-3", "1e-30", "0.000000000000000001", "150", "100.25"];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Hyparquet_reads_the_rows_and_identities_of_each_file()
    {
        var (packages, problem) = await Scripts.PackagesAsync();
        Assert.SkipWhen(packages is null, problem);
        var settings = new DuckDbSettings { TemporaryFolder = _folder.File("tmp") };
        string[] paths = [_folder.File("q.parquet"), _folder.File("r.parquet"), _folder.File("t.parquet"), _folder.File("m.parquet")];
        TickFileFigures[] figures =
        [
            Write(paths[0], settings, 2_500, Quote), Write(paths[1], settings, 10, i => Quote(i + 2_495)),
            Write(paths[2], settings, 2_500, Trade),
            TickParquetMerger.Merge(paths[..2], paths[3], settings, TickFile.NoMetadata, Cancellation).Figures,
        ];

        var (exitCode, output, complaints) = await Scripts.RunAsync(packages!, "hyparquet.mjs", paths, Cancellation);

        complaints.ShouldBeEmpty();
        exitCode.ShouldBe(0);
        output.Split('\n').ShouldBe(figures.Select(
            file => string.Create(CultureInfo.InvariantCulture, $"{file.Rows} {file.IdentitySum:x16}")));
        figures[3].Rows.ShouldBe(2_505);
    }

    private static TickFileFigures Write(string path, DuckDbSettings settings, int count, TickMaker make)
    {
        using var writer = new TickParquetWriter(path, settings, TickFile.NoMetadata);
        for (var i = 0; i < count; i++)
        {
            writer.Add(make(i), i % 2 == 0 ? TickSource.Live : TickSource.Backfill, i % 3, i);
        }

        return writer.Complete(Cancellation);
    }

    private static Tick Quote(int i) =>
        TickFile.Quote(i % 3 == 0 ? "EURUSD" : "XAUUSD", StartMs + (i * 37), Prices[i % Prices.Length], Prices[i / 8 % Prices.Length]);

    private static Tick Trade(int i)
    {
        var tick = new Tick
        {
            Symbol = TickFile.Symbol(i % 5 == 0 ? "AAPL" : "BRK.A"),
            Kind = TickKind.Trade,
            TimestampMs = StartMs + (i * 11),
            ReceivedMs = StartMs + (i * 11) + 3,
            Price = TickFile.Price(Prices[i % Prices.Length]),
            Sequence = i * 1_000_003L,
            Fields = TickFields.Price | TickFields.Sequence,
        };
        if (i % 2 == 0)
        {
            tick.Size = TickFile.Price(Prices[i / 16 % Prices.Length]);
            tick.Exchange = i % 20;
            tick.TradeId = i % 4 == 0 ? "52983525029461"u8 : "7-é"u8;
            tick.Conditions = new[] { i % 60, 12 };
            tick.Fields |= TickFields.Size | TickFields.Exchange | TickFields.TradeId | TickFields.Conditions;
        }

        return tick;
    }

    private delegate Tick TickMaker(int number);
}
