using System.Globalization;
using System.Text;
using AppHost.Tests.Documents;
using CloudTicks.LocalServices.Processes;
using CloudTicks.TestServices;

namespace AppHost.Tests;

/// <summary>The whole system, started with the one command that a user types.</summary>
[Collection("AppHost")]
public sealed class EndToEndTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Recorded_ticks_with_repeats_at_full_speed_each_arrive_once()
    {
        const int DistinctTicks = 20_000;
        using var folder = new TemporaryFolder();
        var file = folder.File("20260105_eurusd_tick_quote.csv");
        await File.WriteAllTextAsync(file, RecordedQuotes(DistinctTicks, repeatEvery: 1_000), Cancellation);

        await using var appHost = await AppHostProcess.StartAsync("--replay", file, "--speed", "max", "--json");

        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(0, appHost.ToString());
        var report = appHost.Report;
        report.GetProperty("ok").GetBoolean().ShouldBeTrue();
        report.GetProperty("feed_sent").GetInt64().ShouldBe(DistinctTicks + (DistinctTicks / 1_000));
        report.GetProperty("duplicates").GetInt64().ShouldBe(DistinctTicks / 1_000);
        report.GetProperty("archived").GetInt64().ShouldBe(DistinctTicks + (DistinctTicks / 1_000));
        report.GetProperty("stored").GetInt64().ShouldBe(DistinctTicks);
        report.GetProperty("published").GetInt64().ShouldBe(DistinctTicks);
        report.GetProperty("lost").GetInt64().ShouldBe(0);
        report.GetProperty("symbols").GetProperty("EURUSD").GetProperty("stored").GetInt64().ShouldBe(DistinctTicks);
        report.GetProperty("latency_ms").GetProperty("row").GetProperty("p99").GetInt64().ShouldBeGreaterThanOrEqualTo(0);
    }

    [Fact]
    public async Task Two_collectors_share_the_symbols_and_are_counted_together()
    {
        await using var appHost = await AppHostProcess.StartAsync("--collectors", "2", "--for", "6s", "--rate", "2000", "--json");

        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(0, appHost.ToString());
        appHost.Report.GetProperty("lost").GetInt64().ShouldBe(0);
        appHost.Report.GetProperty("received").GetInt64().ShouldBe(ReceivedBy("collector") + ReceivedBy("collector-2"));

        long ReceivedBy(string collector)
        {
            var last = appHost.Lines.Single(
                line => AppHostProcess.IsOf(line, collector) && line.Contains("The collector stopped: ", StringComparison.Ordinal));
            return long.Parse(last.Split("The collector stopped: ")[1].Split(' ')[0], CultureInfo.InvariantCulture);
        }
    }

    [Fact]
    public async Task Second_run_on_the_same_data_proves_only_its_own_ticks()
    {
        await using var first = await AppHostProcess.StartAsync("--for", "2s", "--rate", "1000", "--json");
        (await first.Exited.WaitAsync(Cancellation)).ShouldBe(0, first.ToString());

        await using var second = await AppHostProcess.StartAsync(
            ["--for", "2s", "--rate", "1000", "--json", "--nats-nodes", "3"], [], first.DataFolder);

        (await second.Exited.WaitAsync(Cancellation)).ShouldBe(0, second.ToString());
        var report = second.Report;
        report.GetProperty("archived").GetInt64().ShouldBe(report.GetProperty("feed_sent").GetInt64());
        report.GetProperty("symbols").EnumerateObject().Count().ShouldBe(14);
        // README.md shows a report, and says that it has further members.
        var documentedReport = Page.Read("README.md").Blocks.Single(block => block.Language == "json").Text.TrimEnd();
        OutputDiff.Compare(("json", $"{documentedReport[..^1]},...}}"), new ShellResult(0, report.GetRawText(), "")).ShouldBeEmpty();
    }

    [Fact]
    public async Task User_supplied_servers_are_used_and_none_is_started()
    {
        await using var timescale = await OwnTimescale.StartAsync(Cancellation);
        await using var nats = await NatsFixture.StartClusterAsync(nodes: 1, Cancellation);
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var environment = new Dictionary<string, string?>
        {
            ["ConnectionStrings__timescale"] = timescale.ConnectionString,
            ["ConnectionStrings__nats"] = nats.Url,
            ["ConnectionStrings__eventhubs"] = hub.BootstrapServers,
        };

        await using var appHost = await AppHostProcess.StartAsync(["--for", "2s", "--rate", "1000", "--json"], environment);

        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(0, appHost.ToString());
        appHost.Report.GetProperty("stored").GetInt64().ShouldBe(await timescale.CountAsync(Cancellation));
        // The relay starts in parallel with the feed, and may have saved its document by now.
        Directory.EnumerateDirectories(Path.Combine(appHost.DataFolder, "simulated")).Select(Path.GetFileName)
            .Where(name => name != "central-hub-relay").ShouldBe(["collector", "central-hub"], ignoreOrder: true);
    }

    [Fact]
    public async Task Api_key_selects_the_real_feed()
    {
        var port = FreePort.Choose();
        await using var feed = await ChildProcess.StartAsync(new ChildProcessOptions
        {
            FileName = DotNetProgram.Command,
            Arguments = [ProgramPath.Simulator],
            Environment = new Dictionary<string, string?> { ["ASPNETCORE_URLS"] = $"http://127.0.0.1:{port}" },
        });
        var environment = new Dictionary<string, string?>
        {
            ["POLYGON_API_KEY"] = "canary-key-of-a-test",
            ["Polygon__Endpoint"] = $"ws://127.0.0.1:{port}",
        };

        await using var appHost = await AppHostProcess.StartAsync(["--for", "2s", "--symbols", "EURUSD,XAUUSD", "--json"], environment);

        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(0, appHost.ToString());
        appHost.Lines.ShouldContain(line => line.Contains("the real feed of Polygon.io", StringComparison.Ordinal));
        appHost.Lines.ShouldContain(line => line.Contains("Connected to Polygon.io", StringComparison.Ordinal));
        appHost.Lines.ShouldAllBe(line => !line.Contains("canary-key", StringComparison.Ordinal));
        var report = appHost.Report;
        report.GetProperty("feed_sent").GetInt64().ShouldBe(report.GetProperty("received").GetInt64());
        report.GetProperty("feed_sent").GetInt64().ShouldBeGreaterThan(0);
        Directory.Exists(Path.Combine(appHost.DataFolder, "polygon")).ShouldBeTrue();
    }

    [Fact]
    public async Task Second_AppHost_on_a_data_folder_is_refused()
    {
        await using var first = await AppHostProcess.StartAsync("--rate", "100");
        await first.WaitForLineAsync(line => line.Contains("simulated", StringComparison.Ordinal), Cancellation);

        await using var second = await AppHostProcess.StartAsync(["--for", "1s"], [], first.DataFolder);

        (await second.Exited.WaitAsync(Cancellation)).ShouldBe(2);
        second.Lines.ShouldContain(line => line.Contains("Another AppHost is using", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("--for", "soon")]
    [InlineData("--rate", "0")]
    [InlineData("--speed", "-1")]
    [InlineData("--nats-nodes", "2")]
    [InlineData("--rte", "500")]
    [InlineData("--symbols", "EURUSD,--rate")]
    [InlineData("--replay", "no-such-file.zip")]
    public async Task Wrong_option_is_named_and_nothing_starts(string option, string value)
    {
        await using var appHost = await AppHostProcess.StartAsync(option, value);

        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(2);
        appHost.Lines.ShouldContain(line => line.Contains(option, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Help_shows_examples()
    {
        await using var appHost = await AppHostProcess.StartAsync("--help");

        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(0);
        appHost.Lines.ShouldContain(line => line.Contains("--for 30s --json", StringComparison.Ordinal));
    }

    private static string RecordedQuotes(int count, int repeatEvery)
    {
        var text = new StringBuilder();
        for (var index = 0; index < count; index++)
        {
            var row = string.Create(CultureInfo.InvariantCulture, $"{index / 3},1.{10000 + (index % 5000)},1.{20000 + (index % 7)}\n");
            text.Append(row);
            if (index % repeatEvery == 0)
            {
                text.Append(row);
            }
        }

        return text.ToString();
    }
}
