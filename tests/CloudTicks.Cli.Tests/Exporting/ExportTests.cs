using System.Text.Json;
using CloudTicks.Cli.Tests.Replaying;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Tests.Exporting;

public class ExportTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Export_csv_has_a_header_and_each_tick_once_in_order()
    {
        await using var archive = await FilledAsync();

        var run = await CliRun.OfAsync(Environment(archive), "export", "--format", "csv");

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Lines[0].ShouldStartWith("symbol,market,kind,timestamp_ms,bid,ask,");
        run.Lines.Length.ShouldBe(601);
        run.Lines.Skip(1).Select(line => line.Split(',')[3]).ShouldBeInOrder();
        run.Lines.ShouldContain(line => line.StartsWith(
            $"EURUSD,forex,quote,{TestArchive.FirstMs},1.0451,1.0452,,,,,,,,,,,,,,,,,,{TestArchive.FirstMs + 12},live,",
            StringComparison.Ordinal));
        run.Lines.ShouldContain(line => line.StartsWith(
            $"AAPL,stock,trade,{TestArchive.FirstMs},,,,,70.15,100,4,,,0,\"5298,\"\"1\"\"\",12 37,,,,,,,,{TestArchive.FirstMs + 12},live,",
            StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_ndjson_of_patterns_has_their_ticks_with_every_field()
    {
        await using var archive = await FilledAsync();

        var run = await CliRun.OfAsync(Environment(archive), "export", "--format", "ndjson", "--symbols", "aap*");

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Lines.Length.ShouldBe(300);
        using var tick = JsonDocument.Parse(run.Lines[0]);
        tick.RootElement.GetProperty("symbol").GetString().ShouldBe("AAPL");
        tick.RootElement.GetProperty("conditions").GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Export_to_a_file_replaces_a_partial_file()
    {
        await using var archive = await FilledAsync();
        using var folder = new TemporaryFolder();
        await File.WriteAllTextAsync(folder.File("out.csv.partial"), "what a killed export left", Cancellation);

        var run = await CliRun.OfAsync(Environment(archive), "export", "--format", "csv", "--output", folder.File("out.csv"));

        (run.ExitCode, run.Output).ShouldBe((0, ""));
        run.Errors.ShouldContain("600 ticks to ");
        (await File.ReadAllLinesAsync(folder.File("out.csv"), Cancellation)).Length.ShouldBe(601);
        File.Exists(folder.File("out.csv.partial")).ShouldBeFalse();
    }

    [Fact]
    public async Task Export_into_a_missing_folder_reports_it()
    {
        await using var archive = await FilledAsync();

        var run = await CliRun.OfAsync(Environment(archive), "export", "--format", "csv", "--output", "/nowhere/out.csv");

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain("/nowhere/out.csv");
        run.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Export_ends_silently_when_the_output_pipe_closes()
    {
        await using var archive = await TestArchive.StartAsync();
        for (var first = 0; first < 50_000; first += 5_000)
        {
            await archive.AppendAsync(TestArchive.EurUsd, TickSource.Live, Enumerable.Range(first, 5_000));
        }

        using var program = CliProcess.Start(Environment(archive), "export", "--format", "csv");
        (await program.Output.ReadLineAsync(Cancellation)).ShouldNotBeNull();
        program.Output.Close();

        (await program.WaitAsync()).ShouldBe(0);
        // On a busy machine the command takes long enough to print a progress line.
        var output = await program.Errors.ReadToEndAsync(Cancellation);
        output.Split('\n').ShouldAllBe(line => line.Length == 0 || line.Contains(" ticks, ", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Export_parquet_writes_importable_files_by_kind_and_market()
    {
        await using var archive = await FilledAsync();
        using var folder = new TemporaryFolder();

        var one = await CliRun.OfAsync(
            Environment(archive), "export", "--format", "parquet", "--symbols", "EURUSD", "--output", folder.File("eurusd.parquet"));
        var all = await CliRun.OfAsync(Environment(archive), "export", "--format", "parquet", "--output", folder.File("all.parquet"));
        var lakePath = folder.File("lake");
        var import = await CliRun.OfAsync(
            Environment(archive), "lake", "import", folder.File("eurusd.parquet"), folder.File("all-quote-forex.parquet"),
            folder.File("all-trade-stock.parquet"), "--lake", lakePath, "--json");
        const string Identities = "SELECT symbol, count(*), sum(tick_hash::HUGEINT)::VARCHAR FROM ticks GROUP BY ALL ORDER BY 1";
        var imported = await CliRun.OfAsync(Environment(archive), "sql", Identities, "--lake", lakePath, "--lake-only", "--format", "csv");
        var live = await CliRun.OfAsync(Environment(archive), "sql", Identities, "--format", "csv");

        one.ExitCode.ShouldBe(0, one.Errors);
        one.Errors.ShouldContain("300 ticks to ");
        all.ExitCode.ShouldBe(0, all.Errors);
        import.ExitCode.ShouldBe(0, import.Errors);
        import.Number("added").ShouldBe(600);
        imported.Lines.ShouldBe(live.Lines, "imported ticks are the ticks of the archive");
        Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).ShouldBe(
            ["eurusd.parquet", "all-quote-forex.parquet", "all-trade-stock.parquet", "lake"], ignoreOrder: true);
    }

    [Fact]
    public async Task Export_parquet_needs_a_file()
    {
        var run = await CliRun.OfAsync(new Dictionary<string, string?>(), "export", "--format", "parquet");

        run.ExitCode.ShouldBe(2);
        run.Errors.ShouldContain("--format parquet needs --output");
    }

    private static Dictionary<string, string?> Environment(TestArchive archive) =>
        new() { ["ConnectionStrings__eventhubs"] = archive.Hub.BootstrapServers };

    private static async Task<TestArchive> FilledAsync()
    {
        var archive = await TestArchive.StartAsync();
        foreach (var symbol in (Symbol[])[TestArchive.EurUsd, TestArchive.Apple])
        {
            await archive.AppendAsync(symbol, TickSource.Live, Enumerable.Range(0, 300).Reverse());
            await archive.AppendAsync(symbol, TickSource.Backfill, Enumerable.Range(0, 10));
        }

        return archive;
    }
}
