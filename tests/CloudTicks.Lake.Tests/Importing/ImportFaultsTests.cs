using System.Globalization;
using System.Text;
using CloudTicks.Lake.Importing;

namespace CloudTicks.Lake.Tests.Importing;

/// <summary>A faulty file is refused with the positions of its first faults, and none of its ticks is added.</summary>
public sealed class ImportFaultsTests : IDisposable
{
    private const string ValidCsv = "time,symbol,bid,ask\n1704207600000,EURUSD,1.1,1.2\n";

    private readonly ImportLake _lake = new();

    public void Dispose() => _lake.Dispose();

    [Theory]
    [InlineData("1704207600001,EURUSD,abc,1.2", "line 3: column bid: 'abc' is not a number")]
    [InlineData("tomorrow,EURUSD,1.1,1.2", "line 3: column time: 'tomorrow' is not a time")]
    [InlineData("-5,EURUSD,1.1,1.2", "line 3: the quote of EURUSD has a time before 1990 or after 2099")]
    [InlineData("9999-01-01T00:00:00Z,EURUSD,1.1,1.2", "has a time before 1990 or after 2099")]
    [InlineData("1704207600001,EUR USD,1.1,1.2", "line 3: column symbol: 'EUR USD' is not a symbol")]
    [InlineData("1704207600001,EURUSD", "line 3: it has neither a bid nor an ask")]
    [InlineData("1704207600001,EURUSD,-1,1.2", "line 3: the quote of EURUSD has a price below zero")]
    [InlineData("1704207600001,EURUSD,\"1.1,1.2", "line 3: column 3 has no closing quotation mark")]
    [InlineData("1704207600001,EURUSD,\"1.1\"x,1.2", "line 3: column 3 has text after its closing quote")]
    public async Task File_with_an_invalid_line_is_refused_unless_skipped(string line, string message)
    {
        var file = _lake.File("a.csv", $"{ValidCsv}{line}\n1704207600002,EURUSD,1.1,1.3\n");

        var refused = await Should.ThrowAsync<LakeException>(() => _lake.ImportAsync(file));

        refused.Message.ShouldContain("is refused, and none of its ticks were added: 1 of its lines is not a tick");
        _lake.Faults.Single().ShouldContain(message);
        (await _lake.ReadAsync()).Days.ShouldBeEmpty();

        var report = await _lake.ImportAsync(file, _lake.Settings() with { SkipsInvalidLines = true });
        (report.Ticks, report.Added, report.InvalidLines).ShouldBe((2, 2, 1));
    }

    [Fact]
    public async Task First_faults_are_reported_and_all_are_counted()
    {
        var file = _lake.File("a.csv", ValidCsv + string.Concat(Enumerable.Range(0, 50).Select(_ => "x,EURUSD,1,2\n")));

        var refused = await Should.ThrowAsync<LakeException>(() => _lake.ImportAsync(file));

        refused.Message.ShouldContain("50 of its lines are not ticks");
        _lake.Faults.Count.ShouldBe(10);
    }

    [Fact]
    public async Task Damaged_and_empty_files_add_nothing()
    {
        var gzip = ImportLake.Gzip(ValidCsv + ManyLines());
        var zip = await File.ReadAllBytesAsync(
            _lake.Zip("good.zip", "20140508_eurusd_tick_quote.csv", ManyLeanLines()), TestContext.Current.CancellationToken);
        var flipped = zip.ToArray();
        flipped[zip.Length / 2] ^= 0x55;
        (string Name, byte[] Content, string Message)[] cases =
        [
            ("cut.csv.gz", gzip[..(gzip.Length / 2)], "is damaged"),
            ("cut.zip", zip[..(zip.Length / 2)], "is damaged"),
            ("flipped.zip", flipped, "cut.zip|is damaged|is refused"),
            ("cut.parquet", Encoding.ASCII.GetBytes("PAR1 and no more"), "is damaged"),
            ("empty.csv", [], "is empty"),
            ("head.csv", Encoding.ASCII.GetBytes("time,symbol,bid,ask\n"), "holds no ticks"),
            ("binary.csv", new byte[10_000], "so the file may not be a CSV"),
            ("bars.csv", Encoding.ASCII.GetBytes("ticker,open,close,window_start\nA,1,2,3\n"), "no column was recognized as time"),
        ];
        foreach (var (name, content, message) in cases)
        {
            var refused = await Should.ThrowAsync<LakeException>(() => _lake.ImportAsync(_lake.File(name, content)), name);
            message.Split('|').ShouldContain(word => refused.Message.Contains(word, StringComparison.Ordinal), refused.Message);
            refused.Message.ShouldContain(name);
        }

        (await _lake.ReadAsync()).Days.ShouldBeEmpty();
    }

    [Fact]
    public async Task Too_long_line_of_a_LEAN_file_is_reported_once()
    {
        var lines = ManyLeanLines();
        var file = _lake.Zip("long.zip", "20140508_eurusd_tick_quote.csv", lines + new string('1', 200_000) + "\n" + lines);

        var refused = await Should.ThrowAsync<LakeException>(() => _lake.ImportAsync(file));

        refused.Message.ShouldContain("1 of its lines is not a tick");
        _lake.Faults.ShouldHaveSingleItem().ShouldContain("the line is longer than 4096 bytes");
    }

    [Fact]
    public async Task Missing_column_is_reported_with_the_existing_ones()
    {
        var refused = await Should.ThrowAsync<LakeException>(
            () => _lake.ImportAsync(_lake.File("a.csv", ValidCsv), _lake.Settings(("time", "ts"))));

        refused.Message.ShouldContain("--map time=ts: the file has no such column. Its columns are: time, symbol, bid, ask.");
    }

    [Theory]
    [InlineData("1704207600", null, 1704207600000)]
    [InlineData("1704207600.1239", null, 1704207600123)]
    [InlineData("1704207600123", null, 1704207600123)]
    [InlineData("1704207600123456", null, 1704207600123)]
    [InlineData("1704207600123456789", null, 1704207600123)]
    [InlineData("1704207600123.9", "ms", 1704207600123)]
    [InlineData("5", "s", 5000)]
    [InlineData("2024-01-02T15:00:00.123456789Z", null, 1704207600123)]
    [InlineData("2024-01-02T17:00:00+02:00", null, 1704207600000)]
    [InlineData("2024-01-02 15:00:00", null, 1704207600000)]
    [InlineData("20240102 150000123", null, 1704207600123)]
    public void Times_are_parsed(string text, string? unit, long expected)
    {
        var times = new ImportTimes(new ImportSettings { Folder = "", TimeUnit = unit });

        times.TryRead(Encoding.ASCII.GetBytes(text), out var ms).ShouldBeTrue();

        ms.ShouldBe(expected);
    }

    [Theory]
    [InlineData("+1.5", "1.5")]
    [InlineData(".5", "0.5")]
    [InlineData("-.5", "-0.5")]
    [InlineData("5.", "5")]
    [InlineData("007.50", "7.5")]
    [InlineData("1.0", "1")]
    [InlineData("1e-05", "0.00001")]
    [InlineData("1,5", null)]
    [InlineData("0x10", null)]
    [InlineData(".", null)]
    [InlineData("-", null)]
    [InlineData("1 000", null)]
    public void Numbers_are_parsed(string text, string? expected) =>
        (PlainNumber.TryParse(Encoding.ASCII.GetBytes(text), out var price) ? price.ToString() : null).ShouldBe(expected);

    private static string ManyLines() => string.Concat(Enumerable.Range(0, 20_000).Select(
        i => string.Create(CultureInfo.InvariantCulture, $"{1704207600000 + (i * 37)},EURUSD,1.{i % 7919},2.{i % 6007}\n")));

    private static string ManyLeanLines() => string.Concat(Enumerable.Range(0, 20_000).Select(
        i => string.Create(CultureInfo.InvariantCulture, $"{i * 37},1.{1 + (i % 7919)},2.{1 + (i % 6007)}\n")));
}
