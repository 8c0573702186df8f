using CloudTicks.Lake.Native;
using CloudTicks.Lake.Tests.Files;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Lake.Tests.Importing;

/// <summary>Imported ticks equal those that the feed sends, in every format.</summary>
public sealed class ImportFormatsTests : IDisposable
{
    private readonly ImportLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Lean_currencies_count_from_midnight_in_utc()
    {
        var file = _lake.Zip("20140508_quote.zip", "20140508_eurusd_tick_quote.csv", "8715,1.39101,1.39114\n15681.25,1.39102,1.39116\n");

        await _lake.ImportAsync(file);

        (await _lake.RowsAsync(
            "SELECT symbol, kind, market, timestamp_ms, bid_exact, ask_exact, exchange FROM ticks ORDER BY 4")).ShouldBe([
            "EURUSD,quote,forex,1399507208715,1.391010000000000000,1.391140000000000000,48",
            "EURUSD,quote,forex,1399507215681,1.391020000000000000,1.391160000000000000,48",
        ]);
    }

    [Fact]
    public async Task Lean_stocks_count_from_midnight_in_new_york()
    {
        await _lake.ImportAsync(_lake.File(
            "20131009_aig_quote_tick.csv", "14400521,475000,200,0,0,P,1,0\n14400521,0,0,484800,3000,P,1,0\n"));
        await _lake.ImportAsync(_lake.File("20131009_spy_Trade_Tick.csv", "34200000,1659800,600,P,2000,0\n"));

        (await _lake.RowsAsync(
            "SELECT symbol, timestamp_ms, bid, ask, price, size, sequence, conditions FROM ticks ORDER BY symbol, sequence")).ShouldBe([
            "AIG,1381305600521,47.5,,,,1,[1]", "AIG,1381305600521,47.5,48.48,,,2,[1]", "SPY,1381325400000,,,165.98,600.0,1,[14]",
        ]);
    }

    [Fact]
    public async Task Lean_crypto_is_recognized_by_its_name()
    {
        await _lake.ImportAsync(_lake.Zip("t.zip", "20181007_btcusd_tick_trade.csv", "1000,6600.01,0.015\n"));
        await _lake.ImportAsync(_lake.Zip("q.zip", "20181007_btcusd_tick_quote.csv", "1000,6600.01,0.5,6600.02,1.25\n"));

        (await _lake.RowsAsync("SELECT symbol, kind, price, size, bid, bid_size, ask, ask_size FROM ticks ORDER BY kind")).ShouldBe([
            "BTC-USD,quote,,,6600.01,0.5,6600.02,1.25", "BTC-USD,trade,6600.01,0.015,,,,",
        ]);
    }

    [Fact]
    public async Task Polygon_stock_trades_equal_those_of_the_live_feed()
    {
        var file = _lake.File("2024-04-05.csv.gz", ImportLake.Gzip("""
            ticker,conditions,correction,exchange,id,participant_timestamp,price,sequence_number,sip_timestamp,size,tape,trf_id,trf_timestamp
            EURUSD,"12,37",0,11,52983525035312,1712306654208705342,142.99,3807,1712306654208740096,5,1,0,0
            AAPL,12,0,4,9,1712306654429439337,143,3809,1712306654429468160,187,1,202,1712306654429450000

            """));

        await _lake.ImportAsync(file);

        (await _lake.RowsAsync("""
            SELECT market, symbol, tick_hash, conditions, participant_ms, trf_id, trf_ms FROM ticks ORDER BY sequence
            """))[0].ShouldBe($"stock,EURUSD,{unchecked((long)LiveTradeIdentity())},[12, 37],1712306654208,,");
        (await _lake.RowsAsync("SELECT conditions, trf_id, trf_ms FROM ticks WHERE symbol = 'AAPL'")).ShouldBe(["[12],202,1712306654429"]);
    }

    [Fact]
    public async Task Polygon_files_are_detected_by_columns_and_tickers()
    {
        await _lake.ImportAsync(_lake.File("a.csv", """
            ticker,ask_exchange,ask_price,ask_size,bid_exchange,bid_price,bid_size,conditions,indicators,participant_timestamp,sequence_number,sip_timestamp,tape,trf_timestamp
            AAPL,12,170.01,3,11,170,2,1,"604,605",1712306654208705342,77,1712306654208740096,3,0
            AAPL,12,170.02,3,0,0,0,1,,1712306654208705342,78,1712306654208740096,3,0

            """));
        await _lake.ImportAsync(_lake.File("b.csv", """
            ticker,ask_exchange,ask_price,bid_exchange,bid_price,participant_timestamp
            C:EUR-USD,48,1.0843,48,1.0842,1712306654000000000

            """));
        await _lake.ImportAsync(_lake.File("c.csv", """
            ticker,conditions,exchange,id,participant_timestamp,price,size
            X:BTC-USD,2,1,abc,1712306654000000000,67000.5,4e-05

            """));
        await _lake.ImportAsync(_lake.File("d.csv", """
            ticker,conditions,correction,exchange,price,sip_timestamp,size
            O:SPY251219C00650000,209,0,312,12.5,1712306654208740096,3

            """));

        (await _lake.RowsAsync("""
            SELECT market, symbol, kind, bid, ask, price, size_exact, exchange, bid_exchange, ask_exchange, trade_id FROM ticks
            ORDER BY market, sequence
            """)).ShouldBe([
            "crypto,BTC-USD,trade,,,67000.5,0.000040000000000000,1,,,abc",
            "forex,EURUSD,quote,1.0842,1.0843,,,48,,,",
            "option,O:SPY251219C00650000,trade,,,12.5,3.000000000000000000,312,,,",
            "stock,AAPL,quote,170.0,170.01,,,11,11,12,",
            "stock,AAPL,quote,,170.02,,,0,0,12,",
        ]);
    }

    [Fact]
    public async Task Csv_with_mapped_columns_and_time_format_is_read()
    {
        var settings = _lake.Settings(("time", "1"), ("bid", "2"), ("ask", "3")) with
        {
            HasHeader = false,
            Symbol = "EUR/USD",
            Separator = ';',
            TimeFormat = "yyyyMMdd HHmmssfff",
            TimeZone = TimeZoneInfo.FindSystemTimeZoneById("America/New_York"),
        };

        await _lake.ImportAsync(_lake.File("DAT_ASCII_EURUSD_T_201401.csv", "20140108 093000123;\"1.36\";+1.3601;0\r\n"), settings);

        (await _lake.RowsAsync("SELECT symbol, timestamp_ms, bid_exact, ask_exact FROM ticks")).ShouldBe([
            "EURUSD,1389191400123,1.360000000000000000,1.360100000000000000",
        ]);
    }

    [Fact]
    public async Task Prices_of_csv_are_exact()
    {
        await _lake.ImportAsync(_lake.File("a.csv",
            "time,symbol,price,size,trade_id\n2024-01-02T15:00:00.1234Z,BTC-USD,0.1000000000000000055,123456789012345678,x\n"
                + "2024-01-02 15:00:01,BTC-USD,0.30000000000000004,0.0000000000000000000123,y\n"));

        (await _lake.RowsAsync("SELECT timestamp_ms, price_exact, size_exact, exact_text FROM ticks WHERE trade_id = 'y'")).ShouldBe([
            """1704207601000,0.300000000000000040,0.000000000000000000,{"size":"0.0000000000000000000123"}""",
        ]);
    }

    [Fact]
    public async Task Doubles_of_foreign_parquet_become_the_shortest_decimals()
    {
        var path = Path.Combine(Path.GetDirectoryName(_lake.Folder)!, "others.parquet");
        Write(path, """
            SELECT TIMESTAMP '2024-01-02 15:00:00.123456' AS ts, 'EURUSD' AS ticker, 0.1::DOUBLE + 0.2::DOUBLE AS b, 1.1::DOUBLE AS a,
                [1, 2] AS conditions
            UNION ALL SELECT TIMESTAMP '2024-01-02 15:00:01', 'EURUSD', 'nan'::DOUBLE, 1.25, NULL
            """);

        await _lake.ImportAsync(path, _lake.Settings(("time", "ts"), ("bid", "b"), ("ask", "a")));

        (await _lake.RowsAsync("SELECT timestamp_ms, bid_exact, ask_exact, conditions FROM ticks ORDER BY 1")).ShouldBe([
            "1704207600123,0.300000000000000040,1.100000000000000000,[1, 2]", "1704207601000,,1.250000000000000000,",
        ]);
    }

    [Fact]
    public async Task Files_of_another_lake_keep_every_field()
    {
        await _lake.ImportAsync(_lake.File("a.csv", "time,symbol,price,size,trade_id,conditions,received_ms\n"
            + "1704207600123,AAPL,0.0000000000000000000123,7,\"a,\"\"b\"\"\",12 37,1704207600130\n"));
        var file = Directory.GetFiles(_lake.Folder, "*.parquet", SearchOption.AllDirectories).Single();
        using var other = new ImportLake();

        (await other.ImportAsync(file)).Added.ShouldBe(1);

        const string AllTicksQuery = "SELECT * EXCLUDE (archive_offset) FROM ticks";
        (await other.RowsAsync(AllTicksQuery)).ShouldBe(await _lake.RowsAsync(AllTicksQuery));
    }

    private static ulong LiveTradeIdentity()
    {
        var live = new Tick
        {
            Symbol = Symbol.TryParse(Market.Stock, "EURUSD", out var symbol) ? symbol : throw new InvalidOperationException(),
            Kind = TickKind.Trade,
            TimestampMs = 1712306654208,
            Sequence = 3807,
            Exchange = 11,
            TradeId = "52983525035312"u8,
            Price = TickFile.Price("142.99"),
            Size = TickFile.Price("5"),
        };
        return TickIdentity.Of(live);
    }

    private static void Write(string path, string query)
    {
        using var database = DuckDbDatabase.Open(new DuckDbSettings());
        using var connection = database.Connect();
        connection.Execute($"COPY ({query}) TO '{path}' (FORMAT parquet)");
    }
}
