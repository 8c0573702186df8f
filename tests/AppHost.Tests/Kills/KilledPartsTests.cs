using System.Globalization;
using System.Text.Json;

namespace AppHost.Tests.Kills;

/// <summary>
/// Kills processes of a run repeatedly with SIGKILL; the feed's counts then show whether a tick is missing or duplicated. Runs for half a
/// minute, or for <c>CLOUDTICKS_KILL_ROUNDS</c> rounds; <c>CLOUDTICKS_KILL_SEED</c> repeats the choice of processes, and roughly the times
/// of the kills.
/// </summary>
[Collection("AppHost")]
public sealed class KilledPartsTests
{
    private static readonly TimeSpan DefaultDuration = TimeSpan.FromSeconds(30);
    private static readonly int? Rounds = KillSettings.Rounds;
    private static readonly int Seed = KillSettings.Seed;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Randomly_killed_parts_lose_and_duplicate_no_tick()
    {
        // The feed is stopped when the rounds are over.
        await using var appHost = await AppHostProcess.StartAsync("--for", "24h", "--rate", "3000", "--json");
        await appHost.WaitForLineAsync(line => line.Contains("the first tick is here", StringComparison.Ordinal), Cancellation);
        var kills = new RandomKills(appHost, Seed);
        var startedAt = TimeProvider.System.GetTimestamp();
        var rounds = 0;
        Log($"seed {Seed}");

        while (Rounds is { } maxRounds ? rounds < maxRounds : TimeProvider.System.GetElapsedTime(startedAt) < DefaultDuration)
        {
            var killed = await kills.RoundAsync(Cancellation);
            rounds++;
            Log($"{TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds,6:0.0} s, round {rounds}: {string.Join(", ", killed)}");
        }

        // Kill the collector once more: the ticks that it misses now are recovered only if the run waits for their backfill before it ends.
        var missed = await CountMissedAsync(appHost);
        await kills.KillAsync("collector", Cancellation);
        while (await CountMissedAsync(appHost) == missed)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Cancellation);
        }

        await StopFeedAsync(appHost);
        Log($"{rounds} rounds, {kills.Kills} kills in {TimeProvider.System.GetElapsedTime(startedAt).TotalSeconds:0} s");
        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(0, $"seed {Seed}\n{appHost}");
        var report = appHost.Report;
        Log($"{report}");
        report.GetProperty("lost").GetInt64().ShouldBe(0);
        report.GetProperty("stored").GetInt64().ShouldBe(report.GetProperty("made").GetInt64());
        (report.GetProperty("published").GetInt64() + report.GetProperty("missed_by_subscriber").GetInt64())
            .ShouldBe(report.GetProperty("stored").GetInt64());
        report.GetProperty("recovered").GetInt64().ShouldBeGreaterThan(0);
        report.GetProperty("gaps").GetProperty("filled").GetInt32().ShouldBeGreaterThan(0);
        report.GetProperty("gaps").GetProperty("not_filled").GetArrayLength().ShouldBe(0);
        // A restart that fails because a required server is still starting counts as well, so there may be more restarts than kills.
        report.GetProperty("restarts").EnumerateObject().Sum(part => part.Value.GetInt32()).ShouldBeGreaterThanOrEqualTo(kills.Kills);
    }

    [Fact]
    public async Task Dashboard_killed_at_its_first_start_is_restarted()
    {
        await using var appHost = await AppHostProcess.StartAsync("--for", "24h", "--rate", "500", "--json");
        await appHost.WaitForLineAsync(IsPage, Cancellation);
        var killed = await new RandomKills(appHost, Seed).KillAsync("dashboard", Cancellation);

        await appHost.WaitForLineAsync(line => IsPage(line) && AppHostProcess.ProcessIdIn(line) != killed, Cancellation);
        await appHost.WaitForLineAsync(line => line.Contains("the first tick is here", StringComparison.Ordinal), Cancellation);

        await StopFeedAsync(appHost);
        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(0, appHost.ToString());
        appHost.Report.GetProperty("restarts").GetProperty("dashboard").GetInt32().ShouldBe(1);

        static bool IsPage(string line) => AppHostProcess.IsOf(line, "dashboard") && AppHostProcess.ProcessIdIn(line) is not null;
    }

    [Fact]
    public async Task Relay_that_cannot_start_blocks_neither_dashboard_nor_run()
    {
        await using var appHost = await AppHostProcess.StartAsync(
            ["--for", "24h", "--rate", "500", "--json"], new() { ["Relay__MaxClients"] = "0" });

        await appHost.WaitForLineAsync(line => line.Contains("the first tick is here", StringComparison.Ordinal), Cancellation);
        await appHost.WaitForLineAsync(
            line => AppHostProcess.IsOf(line, "dashboard") && AppHostProcess.ProcessIdIn(line) is not null, Cancellation);
        await appHost.WaitForLineAsync(
            line => AppHostProcess.IsOf(line, "relay") && line.Contains("restarting in", StringComparison.Ordinal), Cancellation);

        await StopFeedAsync(appHost);
        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(0, appHost.ToString());
    }

    [Fact]
    public async Task Hosts_and_collectors_killed_in_turn_lose_nothing()
    {
        await using var appHost = await AppHostProcess.StartAsync(
            "--functions", "4", "--collectors", "2", "--partitions", "96", "--for", "24h", "--rate", "2000", "--json");
        // The archive must have a tick of each symbol: without one, no record shows when the collection of the symbol began.
        await appHost.WaitForLineAsync(line => line.Contains(" ticks read", StringComparison.Ordinal), Cancellation);
        var kills = new RandomKills(appHost, Seed);

        foreach (var part in (string[])["functions-2", "collector", "functions-3", "functions", "collector-2", "functions-4"])
        {
            await kills.WaitForNextAsync(part, await kills.KillAsync(part, Cancellation), Cancellation);
        }

        await StopFeedAsync(appHost);
        (await appHost.Exited.WaitAsync(Cancellation)).ShouldBe(0, appHost.ToString());
        Log($"{appHost.Report}");
        appHost.Report.GetProperty("lost").GetInt64().ShouldBe(0);
        appHost.Report.GetProperty("stored").GetInt64().ShouldBe(appHost.Report.GetProperty("made").GetInt64());
        appHost.Report.GetProperty("gaps").GetProperty("not_filled").GetArrayLength().ShouldBe(0);
        appHost.Lines.ShouldContain(line => line.Contains("topic tick_archive was created with 96 partitions", StringComparison.Ordinal));
    }

    /// <summary>Counts the generated ticks that were sent to no session.</summary>
    private static async Task<long> CountMissedAsync(AppHostProcess appHost)
    {
        using var http = new HttpClient();
        using var report = JsonDocument.Parse(
            await http.GetStringAsync(new Uri(await appHost.AddressAsync("simulator", Cancellation), "api/v1/sent"), Cancellation));
        return report.RootElement.GetProperty("symbols").EnumerateObject().Sum(symbol => symbol.Value.GetProperty("missed").GetInt64());
    }

    private static async Task StopFeedAsync(AppHostProcess appHost)
    {
        using var http = new HttpClient();
        using var response = await http.PostAsync(
            new Uri(await appHost.AddressAsync("simulator", Cancellation), "api/v1/stop"), content: null, Cancellation);
        response.EnsureSuccessStatusCode();
    }

    private static void Log(FormattableString text) =>
        TestContext.Current.TestOutputHelper?.WriteLine(text.ToString(CultureInfo.InvariantCulture));
}
