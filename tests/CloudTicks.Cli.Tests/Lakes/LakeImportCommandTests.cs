using System.Globalization;
using CloudTicks.Cli.Tests.Replaying;
using CloudTicks.TestServices;

namespace CloudTicks.Cli.Tests.Lakes;

/// <summary><c>cloudticks lake import</c> as a user sees it; the tests of the lake cover parsing and importing files.</summary>
public sealed class LakeImportCommandTests : IDisposable
{
    private const int TickCount = 60_000;
    private const int TicksPerDay = 3_000;
    private const long DayMs = 86_400_000;
    private const long StartMs = 1_700_006_400_000;

    private static readonly Dictionary<string, string?> NoVariables = [];

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Lake => _folder.File("lake");

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Import_adds_a_file_once_and_sql_returns_its_ticks()
    {
        var file = _folder.Write("eurusd.csv", "ts;b;a\n2024-01-02 10:00:00;1.1;1.2\n2024-01-02 10:00:01;1.15;1.25\n");
        string[] line = ["lake", "import", file, "--lake", Lake, "--map", "time=ts,bid=b,ask=a", "--symbol", "EUR/USD", "--separator", ";",
            "--time-zone", "Europe/Berlin"];

        var dryRun = await CliRun.OfAsync(NoVariables, [.. line, "--dry-run"]);
        var firstRun = await CliRun.OfAsync(NoVariables, line);
        var secondRun = await CliRun.OfAsync(NoVariables, [.. line, file, "--json"]);
        var sql = await CliRun.OfAsync(
            NoVariables, "sql", "SELECT symbol, timestamp_ms, bid_exact::VARCHAR FROM ticks ORDER BY 2", "--lake", Lake, "--lake-only",
            "--format", "csv");

        dryRun.ExitCode.ShouldBe(0, dryRun.Errors);
        dryRun.Output.ShouldContain("2 ticks from 2024-01-02T09:00:00.000Z to 2024-01-02T09:00:01.000Z. 2 would be added in 1 day.");
        firstRun.ExitCode.ShouldBe(0, firstRun.Errors);
        firstRun.Output.ShouldContain("2 were added in 1 day.");
        secondRun.ExitCode.ShouldBe(0, secondRun.Errors);
        secondRun.Number("added").ShouldBe(0);
        secondRun.Json().GetProperty("files").GetArrayLength().ShouldBe(2);
        sql.Lines.Skip(1).ShouldBe([
            "EURUSD,1704186000000,1.100000000000000000", "EURUSD,1704186001000,1.150000000000000000"]);
    }

    [Theory]
    [InlineData(2, "is not a field", "--map", "when=ts")]
    [InlineData(2, "is given twice", "--map", "time=a", "--map", "time=b")]
    [InlineData(2, "no such zone", "--time-zone", "Mars/Olympus")]
    [InlineData(2, "one ASCII character", "--separator", "||")]
    [InlineData(2, "There is no file", "--symbol", "EURUSD")]
    public async Task Invalid_command_line_is_reported(int code, string message, params string[] options)
    {
        var run = await CliRun.OfAsync(NoVariables, ["lake", "import", _folder.File("none.csv"), "--lake", Lake, .. options]);

        run.ExitCode.ShouldBe(code, run.Errors);
        run.Errors.ShouldContain(message);
        run.Errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Refused_file_is_reported_with_the_faulty_line()
    {
        var goodFile = _folder.Write("good.csv", "time,symbol,bid,ask\n2024-01-02 10:00:00,EURUSD,1,2\n");
        var badFile = _folder.Write("bad.csv", "time,symbol,bid,ask\n2024-01-02 10:00:00,EURUSD,1,2\nnonsense\n");

        var run = await CliRun.OfAsync(NoVariables, "lake", "import", goodFile, badFile, "--lake", Lake, "--json");

        run.ExitCode.ShouldBe(1);
        run.Errors.ShouldContain($"{badFile}, line 3: column symbol: '' is not a symbol.");
        run.Errors.ShouldContain("is refused, and none of its ticks were added");
        run.Number("added").ShouldBe(1);
        run.Json().GetProperty("problem").GetString().ShouldNotBeNull().ShouldContain("bad.csv");
    }

    [Fact]
    public async Task Killed_import_resumes_when_run_again()
    {
        var file = _folder.Write("ticks.csv", "timestamp_ms,symbol,bid,ask\n" + string.Concat(Enumerable.Range(0, TickCount).Select(
            i => string.Create(CultureInfo.InvariantCulture,
                $"{StartMs + (i * DayMs / TicksPerDay)},EURUSD,1.{10_000 + i},2.{10_000 + i}\n"))));
        Directory.CreateDirectory(Lake);
        for (var kill = 1; kill <= 3; kill++)
        {
            await KillAfterDaysAsync(kill, file);
        }

        var run = await CliRun.OfAsync(NoVariables, "lake", "import", file, "--lake", Lake, "--json");
        var sql = await CliRun.OfAsync(
            NoVariables, "sql", "SELECT count(*), count(DISTINCT tick_hash) FROM ticks", "--lake", Lake, "--lake-only", "--format", "csv");

        run.ExitCode.ShouldBe(0, run.Errors);
        run.Number("added").ShouldBeLessThan(TickCount, "days that were complete before a kill stay");
        sql.Lines[1].ShouldBe($"{TickCount},{TickCount}", sql.Errors);
        sql.Errors.ShouldBeEmpty();
        Directory.GetFiles(Lake, "*.tmp", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    /// <summary>Kills an import when the lake has the given number of days.</summary>
    private async Task KillAfterDaysAsync(int days, string file)
    {
        var written = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var watcher = new FileSystemWatcher(Lake) { IncludeSubdirectories = true };
        watcher.Created += (_, change) => KillIfReached();
        watcher.Renamed += (_, change) => KillIfReached();
        watcher.EnableRaisingEvents = true;
        using var import = CliProcess.Start("lake", "import", file, "--lake", Lake);
        import.Input.Close();
        var output = import.Output.ReadToEndAsync(Cancellation);
        var errors = import.Errors.ReadToEndAsync(Cancellation);
        var exit = import.WaitAsync();
        if (await Task.WhenAny(written.Task, exit) == written.Task)
        {
            import.Kill();
        }

        await Task.WhenAll(output, errors, exit);

        void KillIfReached()
        {
            if (Directory.GetFiles(Lake, "_manifest-*.json", SearchOption.AllDirectories).Length >= days * 2)
            {
                written.TrySetResult();
            }
        }
    }
}
