using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Lake.Tests.Files;

public sealed class TickParquetTests : IDisposable
{
    private const long StartMs = 1_737_993_600_000;

    private readonly string _folder = Directory.CreateTempSubdirectory("lake-").FullName;
    private readonly DuckDbSettings _settings;

    public TickParquetTests() => _settings = new DuckDbSettings { TemporaryFolder = Path.Combine(_folder, "tmp") };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void File_is_sorted_and_has_each_tick_once_with_exact_prices()
    {
        var path = Path.Combine(_folder, "a.parquet");
        var first = TickFile.Quote("EURUSD", StartMs + 5, "1.04510", "1.0452");
        TickFileFigures figures;
        var metadata = new Dictionary<string, string> { ["cloudticks.x'y"] = "it's {\"a\":1}" };
        using (var writer = new TickParquetWriter(path, _settings, metadata))
        {
            writer.Add(TickFile.Quote("USDJPY", StartMs, "150", "150.001"), TickSource.Live, 1, 7);
            writer.Add(first, TickSource.Live, 2, 8);
            writer.Add(TickFile.Quote("EURUSD", StartMs + 3, "0.0000000000000000000123", "9223372036854775807"), TickSource.Backfill, 2, 9);
            writer.Add(first, TickSource.Replay, 2, 10);
            figures = writer.Complete(Cancellation);
        }

        figures.Rows.ShouldBe(3);
        (figures.FirstMs, figures.LastMs).ShouldBe((StartMs, StartMs + 5));
        TickFile.Rows($"SELECT symbol, timestamp_ms - {StartMs} AS t, bid, ask, source, exact_text, archive_offset FROM '{path}'").ShouldBe(
        [
            """{"symbol":"EURUSD","t":3,"bid":0.000000000000000000,"ask":9223372036854775807.000000000000000000,"source":"backfill","exact_text":"{\"bid\":\"0.0000000000000000000123\"}","archive_offset":9}""",
            """{"symbol":"EURUSD","t":5,"bid":1.045100000000000000,"ask":1.045200000000000000,"source":"live","exact_text":null,"archive_offset":8}""",
            """{"symbol":"USDJPY","t":0,"bid":150.000000000000000000,"ask":150.001000000000000000,"source":"live","exact_text":null,"archive_offset":7}""",
        ]);
        TickFile.Rows($"SELECT decode(key) AS k, decode(value) AS v FROM parquet_kv_metadata('{path}') ORDER BY k").ShouldBe(
        [
            """{"k":"cloudticks.kind","v":"quote"}""", """{"k":"cloudticks.market","v":"forex"}""", """{"k":"cloudticks.schema","v":"1"}""",
            """{"k":"cloudticks.x'y","v":"it's {\"a\":1}"}""",
        ]);
    }

    [Fact]
    public void The_identity_is_computed_from_the_columns()
    {
        var path = Path.Combine(_folder, "a.parquet");
        var identities = new List<long>();
        TickFileFigures figures;
        using (var writer = new TickParquetWriter(path, _settings, TickFile.NoMetadata))
        {
            string[] prices = ["151.25", "0.0001", "-3", "100000000000", "1e-30", "9223372036854775807", "0.000000000000000001"];
            foreach (var price in prices)
            {
                var tick = Trade(price, identities.Count);
                identities.Add(unchecked((long)TickIdentity.Of(tick)));
                writer.Add(tick, TickSource.Live, 0, identities.Count);
            }

            figures = writer.Complete(Cancellation);
        }

        var call = TickHashFunction.Call("'trade'", "'stock'");
        TickFile.Rows($"SELECT {call} AS h FROM '{path}' ORDER BY archive_offset").ShouldBe(
            identities.Select(identity => $$"""{"h":{{identity}}}"""));
        figures.IdentitySum.ShouldBe(identities.Aggregate(0UL, (sum, identity) => unchecked(sum + (ulong)identity)));
    }

    [Fact]
    public void Every_field_round_trips()
    {
        var path = Path.Combine(_folder, "a.parquet");
        var written = Trade("12.5", 1);
        written.Fields |= TickFields.Conditions | TickFields.Indicators | TickFields.Tape | TickFields.ParticipantMs | TickFields.TrfId
            | TickFields.TrfMs | TickFields.Flags;
        written.Conditions = new[] { 12, 37 };
        written.Indicators = new[] { 604 };
        written.Tape = 3;
        (written.ParticipantMs, written.TrfId, written.TrfMs, written.Flags) = (StartMs - 1, 202, StartMs - 2, TickFlags.Late);
        using (var writer = new TickParquetWriter(path, _settings, TickFile.NoMetadata))
        {
            writer.Add(Trade("13", 2), TickSource.Live, 4, 1);
            writer.Add(written, TickSource.DbCommand, 4, 2);
            writer.Complete(Cancellation);
        }

        using var database = DuckDbDatabase.Open(_settings);
        using var connection = database.Connect();
        using var result = connection.Query($"SELECT {TickSchema.Names} FROM '{path}'", Cancellation);
        result.TryRead(out var rows).ShouldBeTrue();
        var reader = new TickRowReader([.. Enumerable.Range(0, TickSchema.Columns.Length)]);
        var tick = default(Tick);
        reader.Read(rows!, 1, TickKind.Trade, Market.Stock, ref tick);

        tick.Fields.ShouldBe(written.Fields);
        tick.Symbol.ShouldBe(written.Symbol);
        (tick.TimestampMs, tick.ReceivedMs, tick.Price, tick.Size).ShouldBe(
            (written.TimestampMs, written.ReceivedMs, written.Price, written.Size));
        tick.Conditions.ToArray().ShouldBe([12, 37]);
        tick.Indicators.ToArray().ShouldBe([604]);
        tick.TradeId.ToArray().ShouldBe(written.TradeId.ToArray());
        (tick.Tape, tick.ParticipantMs, tick.TrfId, tick.TrfMs, tick.Flags, tick.Sequence, tick.Exchange).ShouldBe(
            (3, StartMs - 1, 202, StartMs - 2, TickFlags.Late, written.Sequence, written.Exchange));
        reader.Source(rows!, 1).ShouldBe(TickSource.DbCommand);
        reader.Value<long>(rows!, TickColumn.ArchiveOffset, 1).ShouldBe(2);
        reader.Read(rows!, 0, TickKind.Trade, Market.Stock, ref tick);
        tick.Has(TickFields.Conditions).ShouldBeFalse();
    }

    [Fact]
    public void Overflow_of_the_buffer_does_not_change_the_file()
    {
        var (bufferedFile, overflowedFile) = (Path.Combine(_folder, "a.parquet"), Path.Combine(_folder, "b.parquet"));

        var figures = WriteMixed(bufferedFile, int.MaxValue);

        WriteMixed(overflowedFile, 1_000).ShouldBe(figures);
        figures.Rows.ShouldBe(5_000);
        var rows = TickFile.Rows($"SELECT * FROM '{bufferedFile}'");
        rows.ShouldBe(TickFile.Rows($"SELECT * FROM '{overflowedFile}'"));
        rows.ShouldBe(TickFile.Rows($"SELECT * FROM '{bufferedFile}' ORDER BY symbol, timestamp_ms, archive_offset"));
        TickFile.Rows(
            $"""
            SELECT count(sequence) AS s, count(conditions) AS c, sum(len(conditions))::BIGINT AS l, count(trade_id) AS t, max(len(trade_id)) AS n
            FROM '{bufferedFile}'
            """).ShouldBe(["""{"s":5000,"c":1666,"l":3332,"t":2500,"n":40}"""]);
    }

    [Fact]
    public void Merging_removes_repeats_and_counts_them()
    {
        var (a, b, merged) = (Path.Combine(_folder, "a.parquet"), Path.Combine(_folder, "b.parquet"), Path.Combine(_folder, "m.parquet"));
        var figuresOfA = Write(a, Enumerable.Range(0, 3000).Select(i => (long)i));
        var figuresOfB = Write(b, Enumerable.Range(2000, 3000).Select(i => (long)i));

        var (figures, repeats) = TickParquetMerger.Merge([a, b], merged, _settings, TickFile.NoMetadata, Cancellation);

        repeats.ShouldBe(1000);
        figures.Rows.ShouldBe(5000);
        (figuresOfA.Rows + figuresOfB.Rows - repeats).ShouldBe(figures.Rows);
        figures.IdentitySum.ShouldBe(Write(Path.Combine(_folder, "c.parquet"), Enumerable.Range(0, 5000).Select(i => (long)i)).IdentitySum);
        TickFile.Rows($"SELECT count(*) AS n, count(DISTINCT timestamp_ms) AS d, max(archive_offset) AS o FROM '{merged}'")
            .ShouldBe(["""{"n":5000,"d":5000,"o":2999}"""]);
        TickFile.Rows($"SELECT count(*) AS n FROM (SELECT timestamp_ms < lag(timestamp_ms) OVER () AS falls FROM '{merged}') WHERE falls")
            .ShouldBe(["""{"n":0}"""]);
    }

    [Fact]
    public void Damaged_input_is_reported()
    {
        var (a, b) = (Path.Combine(_folder, "a.parquet"), Path.Combine(_folder, "b.parquet"));
        Write(a, [1]);
        File.WriteAllText(b, "no Parquet at all, but long enough to be inspected");

        Should.Throw<DuckDbException>(() => TickParquetMerger.Merge(
            [a, b], Path.Combine(_folder, "m.parquet"), _settings, TickFile.NoMetadata, Cancellation)).Message.ShouldContain("b.parquet");
    }

    /// <summary>Writes ticks of three symbols, unsorted and with different fields.</summary>
    private TickFileFigures WriteMixed(string path, int maxBuffered)
    {
        string[] symbols = ["TSLA", "AAPL", "MSFT"];
        using var writer = new TickParquetWriter(path, _settings, TickFile.NoMetadata) { MaxBuffered = maxBuffered };
        for (var i = 0; i < 5_000; i++)
        {
            var tick = Trade($"{i}.5", i);
            tick.Symbol = TickFile.Symbol(symbols[i * 7 % 3]);
            tick.TimestampMs = StartMs + (i * 7_919 % 1_000);
            if (i % 3 == 2)
            {
                tick.Conditions = new[] { i, 12 };
                tick.Fields |= TickFields.Conditions;
            }

            tick.TradeId = i % 4 == 1 ? "1234567890123456789012345678901234567890"u8 : "77"u8;
            tick.Fields = i % 2 == 1 ? tick.Fields : tick.Fields & ~TickFields.TradeId;
            writer.Add(tick, TickSource.Live, 0, i / 4);
        }

        return writer.Complete(Cancellation);
    }

    private TickFileFigures Write(string path, IEnumerable<long> times)
    {
        using var writer = new TickParquetWriter(path, _settings, TickFile.NoMetadata);
        var offset = 0;
        foreach (var time in times)
        {
            writer.Add(TickFile.Quote("EURUSD", StartMs + time, $"1.{time:D5}", "2"), TickSource.Live, 0, offset++);
        }

        return writer.Complete(Cancellation);
    }

    private static Tick Trade(string price, int sequence) => new()
    {
        Symbol = TickFile.Symbol("AAPL"),
        Kind = TickKind.Trade,
        TimestampMs = StartMs,
        ReceivedMs = StartMs + 40,
        Price = TickFile.Price(price),
        Size = TickFile.Price("100"),
        Sequence = sequence,
        Exchange = 4,
        TradeId = "52983525029461"u8,
        Fields = TickFields.Price | TickFields.Size | TickFields.Sequence | TickFields.Exchange | TickFields.TradeId,
    };
}
