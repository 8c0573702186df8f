using System.Diagnostics;
using System.Text.Json;
using CloudTicks.Cli.Tests.Replaying;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Cli.Tests.Sql;

/// <summary><c>cloudticks sql</c> against the archive of a real event hub; the lake's files have their own tests.</summary>
public class SqlTests
{
    [Fact]
    public async Task Ticks_newer_than_the_lake_are_read_from_the_archive()
    {
        await using var archive = await FilledAsync();

        var run = await CliRun.OfAsync(
            Environment(archive), "sql",
                "SELECT symbol, kind, count(*) AS n, min(timestamp_ms) AS first FROM ticks GROUP BY ALL ORDER BY 1",
            "--format", "csv");

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Lines.ShouldBe([
            "symbol,kind,n,first", $"AAPL,trade,300,{TestArchive.FirstMs}", $"EURUSD,quote,300,{TestArchive.FirstMs}"]);
    }

    [Fact]
    public async Task Query_with_a_parameter_is_printed_in_each_format()
    {
        await using var archive = await FilledAsync();
        string[] query = ["sql", "SELECT symbol, bid, trade_id, conditions FROM ticks WHERE timestamp_ms = $t ORDER BY symbol", "--param",
            $"t={TestArchive.FirstMs}"];

        var json = await CliRun.OfAsync(Environment(archive), [.. query, "--format", "ndjson"]);
        var table = await CliRun.OfAsync(Environment(archive), query);
        var csv = await CliRun.OfAsync(Environment(archive), [.. query, "--format", "csv"]);

        json.ExitCode.ShouldBe(0, json.Errors);
        using var row = JsonDocument.Parse(json.Lines[^1]);
        row.RootElement.GetProperty("symbol").GetString().ShouldBe("EURUSD");
        row.RootElement.GetProperty("bid").GetDouble().ShouldBeInRange(1, 2);
        table.Lines[0].ShouldStartWith("symbol");
        table.Lines[^1].ShouldBe("(6 rows)");
        csv.Lines[1].ShouldBe("AAPL,,\"5298,\"\"1\"\"\",\"[12, 37]\"");
    }

    [Fact]
    public async Task Parquet_is_written_to_a_file()
    {
        await using var archive = await FilledAsync();
        using var folder = new TemporaryFolder();
        var file = folder.File("out.parquet");

        var run = await CliRun.OfAsync(Environment(archive), "sql", "FROM quotes", "--format", "parquet", "--output", file);

        (run.ExitCode, run.Output).ShouldBe((0, ""), run.Errors);
        run.Errors.ShouldContain("300 rows in ");
        System.Text.Encoding.ASCII.GetString((await File.ReadAllBytesAsync(file,
            TestContext.Current.CancellationToken))[..4]).ShouldBe("PAR1");
        File.Exists(file + ".partial").ShouldBeFalse();
    }

    [Theory]
    [InlineData(1, "cannot write files", "COPY (SELECT 1) TO '/tmp/cloudticks-hostile.csv'")]
    [InlineData(2, "read-only", "CREATE TABLE x AS SELECT 1")]
    [InlineData(2, "--param t=VALUE", "SELECT $t")]
    [InlineData(1, "read the lake's files", "FROM read_text('/etc/passwd')")]
    [InlineData(1, "nothing_of_this_name", "SELECT nothing_of_this_name")]
    [InlineData(2, "no Arrow files", "SELECT 1", "--format", "arrow")]
    [InlineData(2, "needs --output", "SELECT 1", "--format", "parquet")]
    [InlineData(2, "not a folder", "SELECT 1", "--lake", "/nowhere/lake")]
    [InlineData(2, "at least 32MB", "SELECT 1", "--memory", "1MB")]
    public async Task Refused_query_exits_with_a_message(int code, string message, params string[] arguments)
    {
        var run = await CliRun.OfAsync(new Dictionary<string, string?>(), ["sql", "--lake-only", .. arguments]);

        run.ExitCode.ShouldBe(code, run.Errors);
        run.Errors.ShouldContain(message);
        run.Errors.ShouldNotContain("   at ");
        File.Exists("/tmp/cloudticks-hostile.csv").ShouldBeFalse();
    }

    [Fact]
    public async Task Missing_event_hub_is_reported_as_missing_newer_ticks()
    {
        using var folder = new TemporaryFolder();
        var lakeFolder = Directory.CreateDirectory(folder.File("lake")).FullName;

        var run = await CliRun.OfAsync(
            new Dictionary<string, string?> { ["ConnectionStrings__eventhubs"] = "127.0.0.1:1" }, "sql", "SELECT count(*) FROM ticks",
                "--lake", lakeFolder,
            "--format", "csv");

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Lines[1].ShouldBe("0");
        run.Errors.ShouldContain("newer than the lake are missing");
    }

    [Fact]
    public async Task Ctrl_C_cancels_a_query()
    {
        using var program = CliProcess.Start(
            "sql", "--lake-only", "--format", "csv", "SELECT i, repeat('x', 1000) FROM range(100000000000) t(i)");
        (await program.Output.ReadLineAsync(TestContext.Current.CancellationToken)).ShouldNotBeNull();

        Process.Start("kill", ["-INT", $"{program.Id}"]).WaitForExit();
        await program.Output.BaseStream.CopyToAsync(Stream.Null, TestContext.Current.CancellationToken);

        (await program.WaitAsync()).ShouldBe(130);
    }

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

    private static Dictionary<string, string?> Environment(TestArchive archive) =>
        new() { ["ConnectionStrings__eventhubs"] = archive.Hub.BootstrapServers };
}
