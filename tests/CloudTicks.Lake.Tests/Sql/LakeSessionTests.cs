using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Lake.Tests.Sql;

public sealed class LakeSessionTests : IDisposable
{
    private readonly SqlLake _lake = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _lake.Dispose();

    [Fact]
    public async Task Views_have_the_lake_and_newer_ticks()
    {
        var identity = unchecked((long)TickIdentity.Of(SqlLake.Quote("EURUSD", 0, "1.39101", "1.39114")));
        await _lake.WriteAsync(TickKind.Quote, Market.Forex, file => file.Add(SqlLake.Quote("EURUSD", 0, "1.39101", "1.39114"),
            TickSource.Live, 3, 17));
        await _lake.WriteAsync(TickKind.Trade, Market.Stock, file => file.Add(SqlLake.Trade("AAPL", 1, "151.25", "100"),
            TickSource.Backfill, 4, 18));
        using var session = await _lake.OpenAsync();
        session.Add(SqlLake.Quote("EURUSD", 2, "1.4", "1.5"), TickSource.Live, 3, 19);
        session.Add(SqlLake.Quote("EURUSD", 2, "1.4", "1.5"), TickSource.Live, 3, 20);
        session.Seal();

        session.Notes.ShouldBeEmpty();
        SqlLake.Rows(session,
            "SELECT symbol, kind, market, bid, ask, price, size, source, received_ms - timestamp_ms, archive_offset FROM ticks"
            + " ORDER BY timestamp_ms")
            .ShouldBe(["EURUSD,quote,forex,1.39101,1.39114,,,live,12,17", "AAPL,trade,stock,,,151.25,100.0,backfill,5,18",
                "EURUSD,quote,forex,1.4,1.5,,,live,12,19"]);
        SqlLake.Rows(session, "SELECT count(*) FROM quotes").ShouldBe(["2"]);
        SqlLake.Rows(session, "SELECT symbol FROM trades").ShouldBe(["AAPL"]);
        SqlLake.Rows(session, "SELECT tick_hash, bid_exact FROM quotes WHERE archive_offset = 17")
            .ShouldBe([$"{identity},1.391010000000000000"]);
        SqlLake.Rows(session, "SELECT count(*) FROM gaps").ShouldBe(["0"]);
    }

    [Fact]
    public async Task Doubles_are_the_nearest_to_the_exact_prices()
    {
        await _lake.WriteAsync(TickKind.Quote, Market.Forex, file =>
        {
            for (var i = 0; i < 20_000; i++)
            {
                file.Add(SqlLake.Quote("EURUSD", i, $"1.{i:D5}7", $"0.0000000000{i + 1}"), TickSource.Live, 0, i);
            }
        });

        (await _lake.RowsAsync("SELECT count(*) FROM quotes WHERE bid <> bid_exact::VARCHAR::DOUBLE OR ask <> ask_exact::VARCHAR::DOUBLE"))
            .ShouldBe(["0"]);
    }

    [Fact]
    public async Task A_lake_without_files_has_empty_views()
    {
        (await _lake.RowsAsync("SELECT (SELECT count(*) FROM ticks), (SELECT count(*) FROM quotes), (SELECT count(*) FROM trades)"))
            .ShouldBe(["0,0,0"]);
    }

    [Fact]
    public async Task Missing_and_unknown_parameters_are_refused()
    {
        await _lake.WriteAsync(TickKind.Quote, Market.Forex, file => file.Add(SqlLake.Quote("EURUSD", 0, "1", "2"), TickSource.Live, 0, 0));
        using var session = await _lake.OpenAsync();
        session.Seal();

        var values = new Dictionary<string, object?> { ["s"] = "EURUSD" };
        SqlLake.Rows(session, "SELECT symbol FROM ticks WHERE symbol = $s;", values).ShouldBe(["EURUSD"]);
        Should.Throw<LakeQueryException>(() => SqlLake.Rows(session, "SELECT $s, $t", values)).Message.ShouldContain("$t");
        Should.Throw<LakeQueryException>(() => SqlLake.Rows(session, "SELECT 1", values)).Message.ShouldContain("$s");
    }

    [Fact]
    public async Task Result_is_written_to_a_Parquet_file()
    {
        var output = Path.Combine(_lake.Root, "out.parquet");
        await _lake.WriteAsync(TickKind.Quote, Market.Forex, file => file.Add(SqlLake.Quote("EURUSD", 0, "1", "2"), TickSource.Live, 0, 0));
        using var session = await _lake.OpenAsync(output: output);
        session.Seal();

        session.WriteParquet("FROM quotes SELECT symbol, bid WHERE bid > $b", new Dictionary<string, object?> { ["b"] = 0.5 }, Cancellation)
            .ShouldBe(1);

        Files.TickFile.Rows($"FROM '{output}'").ShouldBe(["""{"symbol":"EURUSD","bid":1.0}"""]);
    }

    [Fact]
    public async Task Damaged_and_foreign_files_are_reported()
    {
        var damaged = await WriteOneAsync("EURUSD");
        var missing = await WriteOneAsync("GBPUSD");
        await WriteOneAsync("USDJPY");
        var bytes = await File.ReadAllBytesAsync(damaged, Cancellation);
        Array.Fill(bytes, (byte)0xFF, bytes.Length - 40, 32);
        await File.WriteAllBytesAsync(damaged, bytes, Cancellation);
        File.Delete(missing);
        await File.WriteAllTextAsync(Path.Combine(_lake.Folder, "notes.txt"), "mine", Cancellation);
        using var session = await _lake.OpenAsync();
        session.Seal();

        SqlLake.Rows(session, "SELECT symbol FROM ticks").ShouldBe(["USDJPY"]);
        session.Notes.Count.ShouldBe(3);
        session.Notes.ShouldContain(note => note.Contains(Path.GetFileName(damaged)) && note.Contains("is damaged"));
        session.Notes.ShouldContain(note => note.Contains(Path.GetFileName(missing)) && note.Contains("missing"));
        session.Notes.ShouldContain(note => note.Contains("notes.txt"));
    }

    [Theory]
    [InlineData("EURUSD", "bid")]
    [InlineData("USDJPY", "bid")]
    [InlineData("EURUSD", "archive_offset")]
    [InlineData("USDJPY", "timestamp_ms")]
    public async Task File_with_a_damaged_column_name_is_omitted(string symbol, string column)
    {
        var files = new Dictionary<string, string>
        {
            ["EURUSD"] = await WriteOneAsync("EURUSD"),
            ["USDJPY"] = await WriteOneAsync("USDJPY"),
        };
        var bytes = await File.ReadAllBytesAsync(files[symbol], Cancellation);
        var footer = bytes.Length - 8 - BitConverter.ToInt32(bytes, bytes.Length - 8);
        bytes[footer + bytes.AsSpan(footer).IndexOf(System.Text.Encoding.ASCII.GetBytes(column))] = (byte)'x';
        await File.WriteAllBytesAsync(files[symbol], bytes, Cancellation);
        using var session = await _lake.OpenAsync();
        session.Seal();

        SqlLake.Rows(session, "SELECT symbol FROM ticks").ShouldBe([files.Keys.Single(one => one != symbol)]);
        session.Notes.ShouldHaveSingleItem().ShouldContain($"{Path.GetFileName(files[symbol])} is damaged, and its ticks are omitted");
    }

    [Fact]
    public async Task Damage_in_any_part_of_the_footer_does_not_end_the_session()
    {
        var damaged = await WriteOneAsync("EURUSD");
        await WriteOneAsync("USDJPY");
        var whole = await File.ReadAllBytesAsync(damaged, Cancellation);
        var footer = whole.Length - 8 - BitConverter.ToInt32(whole, whole.Length - 8);
        for (var at = footer; at < whole.Length - 8; at += 61)
        {
            var bytes = whole.ToArray();
            bytes[at] ^= 0x15;
            await File.WriteAllBytesAsync(damaged, bytes, Cancellation);
            using var session = await _lake.OpenAsync();
            Should.NotThrow(session.Seal, $"byte {at}");
        }
    }

    [Fact]
    public async Task Damage_inside_a_page_is_found_by_a_failing_query()
    {
        var damaged = await WriteOneAsync("EURUSD");
        await WriteOneAsync("USDJPY");
        var bytes = await File.ReadAllBytesAsync(damaged, Cancellation);
        bytes.AsSpan(4, 200).Fill(0xA5);
        await File.WriteAllBytesAsync(damaged, bytes, Cancellation);
        using var session = await _lake.OpenAsync();
        session.Seal();
        session.Notes.ShouldBeEmpty();

        var failed = Should.Throw<DuckDbException>(() => SqlLake.Rows(session, "SELECT symbol, bid FROM ticks"));
        LakeSession.IsDamage(failed).ShouldBeTrue(failed.Message);
        session.ExcludeDamaged(Cancellation).ShouldHaveSingleItem().ShouldContain(Path.GetFileName(damaged));

        SqlLake.Rows(session, "SELECT symbol FROM ticks").ShouldBe(["USDJPY"]);
        SqlLake.Rows(session, "SELECT symbol FROM quotes").ShouldBe(["USDJPY"]);
    }

    [Theory]
    [InlineData("SELECT page FROM ticks")]
    [InlineData("SELECT * FROM parquet")]
    [InlineData("SELECT 'corrupt page'::INTEGER FROM ticks")]
    [InlineData("SELEC zstd")]
    public async Task Invalid_query_is_not_reported_as_damage(string query)
    {
        await WriteOneAsync("EURUSD");
        using var session = await _lake.OpenAsync();
        session.Seal();

        var failed = Should.Throw<DuckDbException>(() => SqlLake.Rows(session, query));
        LakeSession.IsDamage(failed).ShouldBeFalse($"{failed.Kind}: {failed.Message}");
    }

    [Fact]
    public async Task Price_that_the_lake_never_writes_is_recognized_as_damage()
    {
        await WriteOneAsync("EURUSD");
        using var session = await _lake.OpenAsync();
        session.Seal();

        var failed = Should.Throw<DuckDbException>(
            () => SqlLake.Rows(session, "SELECT exact_double(12345678901234567890.123456789012345678::DECIMAL(38, 18))"));

        LakeSession.IsDamage(failed).ShouldBeTrue(failed.Message);
    }

    [Fact]
    public async Task Damage_in_any_page_is_recognized_or_loses_no_row()
    {
        var damaged = await WriteOneAsync("EURUSD");
        var whole = await File.ReadAllBytesAsync(damaged, Cancellation);
        var footer = whole.Length - 8 - BitConverter.ToInt32(whole, whole.Length - 8);
        var unrecognizedDamage = new List<string>();
        for (var at = 4; at < footer - 8; at += 48)
        {
            var bytes = whole.ToArray();
            bytes.AsSpan(at, 8).Fill(0xA5);
            await File.WriteAllBytesAsync(damaged, bytes, Cancellation);
            using var session = await _lake.OpenAsync();
            session.Seal();
            if (session.Notes.Count > 0)
            {
                continue;
            }

            try
            {
                SqlLake.Rows(session, "SELECT symbol, bid FROM ticks").Count.ShouldBe(1, $"byte {at}");
            }
            catch (DuckDbException failed) when (!LakeSession.IsDamage(failed))
            {
                unrecognizedDamage.Add($"byte {at}: {failed.Kind}: {failed.Message}");
            }
            catch (DuckDbException)
            {
                // The damage was recognized, so cloudticks sql names the file.
            }
        }

        unrecognizedDamage.ShouldBeEmpty();
    }

    private Task<string> WriteOneAsync(string symbol) =>
        _lake.WriteAsync(TickKind.Quote, Market.Forex, file => file.Add(SqlLake.Quote(symbol, 0, "1", "2"), TickSource.Live, 0, 0));
}
