using System.Text.Json;
using CloudTicks.Cli.Tests.Replaying;
using CloudTicks.EventStream;
using CloudTicks.Lake;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Cli.Tests.Lakes;

/// <summary><c>lake status</c>, <c>lake repair</c> and <c>verify --check lake</c> over the archive of a real event hub.</summary>
public sealed class LakeCommandsTests : IClassFixture<DuckDbFixture>, IDisposable
{
    private const string Day = "2025-01-27";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Missing_file_is_found_by_verify_and_repaired()
    {
        await using var archive = await FilledAsync();
        await WriteAsync(archive);
        var firstVerification = await VerifyAsync(archive);
        (firstVerification.Code, State(firstVerification.Json)).ShouldBe((0, "pass"));
        firstVerification.Json.GetProperty("checks")[0].GetProperty("facts").GetProperty("archive_ticks").GetInt64().ShouldBe(600);
        var file = Directory.GetFiles(_folder.Path, "*.parquet", SearchOption.AllDirectories)
            .Single(path => path.Contains("kind=trade", StringComparison.Ordinal));
        File.Delete(file);

        var failed = await VerifyAsync(archive);
        (failed.Code, State(failed.Json)).ShouldBe((1, "fail"));
        var check = failed.Json.GetProperty("checks")[0];
        check.GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain(Path.GetFileName(file));
        check.GetProperty("cure").GetString().ShouldNotBeNull().ShouldContain($"cloudticks lake repair --day {Day}");

        var preview = await RunAsync(archive, "lake", "repair", "--dry-run");
        preview.ExitCode.ShouldBe(0, preview.Errors);
        preview.Output.ShouldContain(
            "Would rewrite 1 hour (trade stock 2025-01-27), replacing 300 ticks in 1 file. Nothing was changed.");
        (await VerifyAsync(archive)).Code.ShouldBe(1);

        var repaired = await RunAsync(archive, "lake", "repair");
        repaired.ExitCode.ShouldBe(0, repaired.Errors);
        repaired.Output.ShouldContain("Lake and archive agree now.");
        (await VerifyAsync(archive)).Code.ShouldBe(0);
        var secondRepair = await RunAsync(archive, "lake", "repair");
        (secondRepair.ExitCode, secondRepair.Output.Trim()).ShouldBe((0, "There is nothing to repair: the lake has what the archive has."));

        var repairOfHour = await RunAsync(archive, "lake", "repair", "--hour", $"{Day}T16", "--symbol", "AAPL", "--json");
        repairOfHour.ExitCode.ShouldBe(0, repairOfHour.Errors);
        var json = JsonDocument.Parse(repairOfHour.Output).RootElement;
        json.GetProperty("new_ticks").GetInt64().ShouldBe(300);
        json.GetProperty("days")[0].GetString().ShouldBe($"kind=trade/market=stock/date={Day}");
    }

    [Fact]
    public async Task Status_shows_size_days_lag_and_what_is_missing()
    {
        await using var archive = await FilledAsync();
        await WriteAsync(archive);

        var status = await RunAsync(archive, "lake", "status", "--json");

        status.ExitCode.ShouldBe(0, status.Errors);
        var json = JsonDocument.Parse(status.Output).RootElement;
        json.GetProperty("rows").GetInt64().ShouldBe(600);
        json.GetProperty("files").GetInt32().ShouldBe(2);
        json.GetProperty("first_day").GetString().ShouldBe(Day);
        json.GetProperty("lag_records").GetInt64().ShouldBe(0);
        json.GetProperty("bytes_per_tick").GetDouble().ShouldBeGreaterThan(0);
        var output = await RunAsync(archive, "lake", "status");
        output.Output.ShouldContain("The lake has every record of the archive.");
        output.Output.ShouldContain("the newest hour is 2025-01-27T16");

        Array.ForEach(Directory.GetFiles(_folder.Path, "*.parquet", SearchOption.AllDirectories), File.Delete);
        var damaged = await RunAsync(archive, "lake", "status");
        (damaged.ExitCode, damaged.Output.Contains("is missing", StringComparison.Ordinal)).ShouldBe((1, true));
    }

    [Theory]
    [InlineData("There is no lake", "lake", "status")]
    [InlineData("names /nowhere/lake, which is not a folder", "lake", "status", "--lake", "/nowhere/lake")]
    [InlineData("it must be a UTC time such as 2026-11-21T06", "lake", "repair", "--hour", "yesterday")]
    [InlineData("--hour and --day: use only one of the two", "lake", "repair", "--hour", "2026-11-21T06", "--day", "2026-11-21")]
    [InlineData("use quote or trade", "lake", "repair", "--kind", "bar")]
    public async Task Wrong_usage_is_reported(string sentence, params string[] arguments)
    {
        var run = await CliRun.OfAsync(new Dictionary<string, string?>(), arguments);

        run.ExitCode.ShouldBe(2, run.Errors);
        run.Errors.ShouldContain(sentence);
    }

    [Fact]
    public async Task Verify_without_a_lake_is_unknown()
    {
        var run = await CliRun.OfAsync(new Dictionary<string, string?>(), "verify", "--check", "lake", "--json");

        run.ExitCode.ShouldBe(2, run.Errors);
        var json = JsonDocument.Parse(run.Output).RootElement;
        State(json).ShouldBe("unknown");
        json.GetProperty("checks")[0].GetProperty("detail").GetString().ShouldNotBeNull().ShouldContain("There is no lake here");
    }

    private static string? State(JsonElement json) => json.GetProperty("state").GetString();

    private async Task<(int Code, JsonElement Json)> VerifyAsync(TestArchive archive)
    {
        var run = await RunAsync(archive, "verify", "--check", "lake", "--json");
        run.Output.ShouldNotBeEmpty(run.Errors);
        return (run.ExitCode, JsonDocument.Parse(run.Output).RootElement);
    }

    private Task<CliRun> RunAsync(TestArchive archive, params string[] arguments) => CliRun.OfAsync(
        new Dictionary<string, string?>
        {
            ["ConnectionStrings__eventhubs"] = archive.Hub.BootstrapServers,
            ["Lake__Folder"] = _folder.Path,
        },
        arguments);

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

    private async Task WriteAsync(TestArchive archive)
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["ConnectionStrings:eventhubs"] = archive.Hub.BootstrapServers,
            ["Lake:Folder"] = _folder.Path,
        }).Build();
        await using var services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<IConfiguration>(configuration)
            .AddEventStream(configuration).AddLake().BuildServiceProvider();
        var lakeConsumer = services.GetRequiredService<LakeConsumer>();
        await lakeConsumer.RunAsync(Cancellation);
        lakeConsumer.Status.ShouldNotBeNull().Problem.ShouldBeNull();
    }
}
