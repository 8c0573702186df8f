using System.Globalization;
using System.Text.Json;
using CloudTicks.Collection.Tests.Replicas;
using CloudTicks.TestServices;

namespace CloudTicks.Functions.Tests.Rollouts;

/// <summary>
/// A rollout of the Nasdaq-100 shares through the whole system. The simulator, the collector, the event hub, the functions and the
/// database are separate processes.
/// </summary>
public sealed class NasdaqRolloutTests(PostgresFixture postgres) : IAsyncLifetime
{
    private const string Config = "api/v1/config/polygon-live-collector";
    private const string Rollouts = "api/v1/rollouts";
    private const int ShareCount = 101;

    private const string Document =
        """
        {"operational":{"symbols":["EURUSD"],"rate_limit_per_second":100,
           "rollouts":[{"flag":"nasdaq","list":"nasdaq-100","guard":{"window":3600,"max_refused_ticks":20}}]},
         "feature_management":{"feature_flags":[{"id":"nasdaq","enabled":true,"conditions":{"client_filters":[
           {"name":"Microsoft.Targeting","parameters":{"Audience":{"DefaultRolloutPercentage":0}}}]}}]}}
        """;

    private readonly TemporaryFolder _folder = new();
    private TestSystem _system = null!;
    private ServiceProcess _functions = null!;
    private ServiceProcess _simulator = null!;
    private ServiceProcess _collector = null!;

    public async ValueTask InitializeAsync()
    {
        _system = await TestSystem.StartAsync(postgres);
        _functions = await ServiceProcess.StartAsync(
            "FunctionsProgram", ("ConnectionStrings__eventhubs", _system.Hub.BootstrapServers),
            ("ConnectionStrings__timescale", _system.Database),
            ("ConnectionStrings__nats", _system.Nats.Url));
        _simulator = await ServiceProcess.StartAsync("SimulatorProgram", ("Simulator__Rate", "500"));
        _collector = await ServiceProcess.StartAsync(
            "CollectorProgram", ("ConnectionStrings__eventhubs", _system.Hub.BootstrapServers),
            ("ConnectionStrings__nats", _system.Nats.Url),
            ("POLYGON_API_KEY", "key"), ("Polygon__Endpoint", new UriBuilder(_simulator.Address) { Scheme = "ws" }.Uri.ToString()),
            ("Collector__FeedName", "simulated"), ("Collector__DataFolder", _folder.File("collector")),
            ("CentralHub__Endpoint", _functions.Address.ToString()));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var process in (ServiceProcess?[])[_collector, _simulator, _functions])
        {
            await (process?.DisposeAsync() ?? ValueTask.CompletedTask);
        }

        await _system.DisposeAsync();
        _folder.Dispose();
    }

    [Fact]
    public async Task Rollout_reaches_all_symbols_after_a_guarded_rollback()
    {
        await _functions.UntilHealthyAsync();
        await _functions.PostJsonAsync(Config, Document);
        await UntilCollectedAsync([]);

        await StepAsync(10);
        var tenth = await GetEnabledSymbolsAsync();
        tenth.Length.ShouldBeInRange(1, ShareCount / 2);
        await UntilCollectedAsync(tenth);
        await UntilStoredAsync(tenth);

        // Let the feed fail only after the next step; otherwise, the guard would roll back the current one.
        await StepAsync(50);
        await _simulator.PostAsync("api/v1/faults", new { fault = "broken-frame", how = "garbage" });
        var rollout = await UntilAsync(rollout => rollout.GetProperty("step").GetProperty("author").GetString() == "guard");
        await _simulator.DeleteAsync("api/v1/faults");
        Names(rollout).ShouldBe(tenth);
        rollout.GetProperty("step").GetProperty("comment")
            .GetString()!.ShouldContain("ticks were refused since then, and at most 20 are allowed");
        rollout.GetProperty("percentage").GetDouble().ShouldBe(10);
        await UntilCollectedAsync(tenth);

        foreach (var percentage in (int[])[50, 100])
        {
            var before = await GetEnabledSymbolsAsync();
            await StepAsync(percentage);
            var enabledSymbols = await GetEnabledSymbolsAsync();
            before.ShouldBeSubsetOf(enabledSymbols);
            await UntilCollectedAsync(enabledSymbols);
        }

        var all = await GetEnabledSymbolsAsync();
        all.Length.ShouldBe(ShareCount);
        await UntilStoredAsync(all);

        var versions = (await _functions.GetAsync($"{Config}/history")).GetProperty("versions").EnumerateArray().ToArray();
        versions.Select(version => version.GetProperty("action").GetString())
            .ShouldBe(["rollout", "rollout", "guard", "rollout", "rollout", "patch"]);
    }

    private static string[] Names(JsonElement rollout) =>
        [.. rollout.GetProperty("on").EnumerateArray().Select(symbol => symbol.GetString()!)];

    private async Task StepAsync(int percentage) =>
        await _functions.PostJsonAsync(
            $"{Rollouts}/nasdaq", string.Create(CultureInfo.InvariantCulture, $$$$"""{"percentage":{{{{percentage}}}}}"""));

    private async Task<string[]> GetEnabledSymbolsAsync() => Names(await UntilAsync(_ => true));

    private async Task<JsonElement> UntilAsync(Func<JsonElement, bool> reached) =>
        (await _functions.UntilAsync(Rollouts, response => reached(response.GetProperty("rollouts")[0]))).GetProperty("rollouts")[0];

    /// <summary>Waits until the feed has acknowledged these shares, EURUSD, and nothing else.</summary>
    private async Task UntilCollectedAsync(string[] shares) => await _collector.UntilAsync(
        "api/v1/status",
        status => status.GetProperty("selection").GetProperty("symbols").GetInt32() == shares.Length + 1
            && status.GetProperty("connections").EnumerateObject()
                .SelectMany(market => market.Value.GetProperty("connections").EnumerateArray())
                .Sum(connection => connection.GetProperty("acknowledged").GetInt32()) == (2 * shares.Length) + 1);

    private async Task UntilStoredAsync(string[] shares)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        do
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
        while (await _system.QueryAsync<long>(
            $"SELECT count(DISTINCT symbol) FROM market_ticks WHERE symbol IN ('{string.Join("','", shares)}')") < shares.Length);
    }
}
