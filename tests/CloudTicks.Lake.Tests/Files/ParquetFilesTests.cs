using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Tests.Files;

public sealed class ParquetFilesTests : IDisposable
{
    private const long StartMs = 1_737_993_600_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("lake-").FullName;
    private readonly ParquetFiles _files;

    public ParquetFilesTests() => _files = new ParquetFiles(new DuckDbSettings { TemporaryFolder = Path.Combine(_folder, "tmp") });

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose()
    {
        _files.Release();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Next_file_has_no_ticks_of_the_previous_one()
    {
        Write("a", Trade("SPY", 1, "0.0000000000000000000123"), Trade("AAPL", 2, "12.5"));
        Write("b", TickFile.Quote("EURUSD", StartMs, "1.1", "1.2"));
        Write("c", TickFile.Quote("EURUSD", StartMs, "1.1", "1.2"));

        Rows("a").ShouldBe([
            """{"symbol":"AAPL","price":12.500000000000000000,"bid":null,"trade_id":"2","exact_text":null}""",
            """{"symbol":"SPY","price":0.000000000000000000,"bid":null,"trade_id":"1","exact_text":"{\"price\":\"0.0000000000000000000123\"}"}""",
        ]);
        Rows("b").ShouldBe(["""{"symbol":"EURUSD","price":null,"bid":1.100000000000000000,"trade_id":null,"exact_text":null}"""]);
        Rows("c").ShouldBe(Rows("b"));
    }

    [Fact]
    public void File_can_be_written_after_one_that_failed()
    {
        Should.Throw<DuckDbException>(() => Write("no-folder/a", TickFile.Quote("EURUSD", StartMs, "1.1", "1.2")));

        Write("b", TickFile.Quote("USDJPY", StartMs, "150", "151"));

        Rows("b").ShouldBe(["""{"symbol":"USDJPY","price":null,"bid":150.000000000000000000,"trade_id":null,"exact_text":null}"""]);
    }

    [Fact]
    public void Open_file_can_be_completed_after_a_release()
    {
        using (var file = _files.Create(PathOf("a"), TickFile.NoMetadata))
        {
            file.Add(TickFile.Quote("EURUSD", StartMs, "1.1", "1.2"), TickSource.Live, 0, 1);
            _files.Release();
            file.Complete(Cancellation).Rows.ShouldBe(1);
        }

        Write("b", TickFile.Quote("EURUSD", StartMs, "1.1", "1.2"));

        Rows("a").ShouldBe(Rows("b"));
    }

    private void Write(string name, scoped in Tick tick) => Write(name, tick, tick);

    /// <summary>Writes two ticks; equal ticks are stored once.</summary>
    private void Write(string name, scoped in Tick one, scoped in Tick other)
    {
        using var file = _files.Create(PathOf(name), TickFile.NoMetadata);
        file.Add(one, TickSource.Live, 0, 0);
        file.Add(other, TickSource.Live, 0, 1);
        file.Complete(Cancellation);
    }

    private List<string> Rows(string name) => TickFile.Rows($"SELECT symbol, price, bid, trade_id, exact_text FROM '{PathOf(name)}'");

    private string PathOf(string name) => Path.Combine(_folder, $"{name}.parquet");

    private static Tick Trade(string symbol, int number, string price) => new()
    {
        Symbol = TickFile.Symbol(symbol),
        Kind = TickKind.Trade,
        TimestampMs = StartMs,
        Price = TickFile.Price(price),
        TradeId = System.Text.Encoding.ASCII.GetBytes($"{number}"),
        Fields = TickFields.Price | TickFields.TradeId,
    };
}
