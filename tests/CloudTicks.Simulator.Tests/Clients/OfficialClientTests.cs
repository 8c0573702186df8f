using System.Text.Json;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Tests.Clients;

/// <summary>Tests the simulator with Polygon's own JavaScript client.</summary>
public sealed class OfficialClientTests
{
    private static readonly NodeScripts Scripts = new(Path.Combine(AppContext.BaseDirectory, "Clients", "node"), "simulator-clients");

    [Theory]
    [InlineData("stocks", "T.AAPL,Q.AAPL", "T Q")]
    [InlineData("forex", "C.EUR/USD,C.XAU/USD", "C")]
    [InlineData("options", "Q.O:SPY251219C00650000", "Q")]
    [InlineData("crypto", "XT.BTC-USD", "XT")]
    public async Task Client_connects_authenticates_subscribes_and_gets_ticks(string market, string channels, string kinds)
    {
        await using var simulator = await SimulatorHost.StartAsync("ApiKey=key");

        var report = await RunAsync(simulator, "stream", market, channels, "50");

        report.GetProperty("statuses").EnumerateArray().Select(status => status.GetString()).ShouldBe(
            ["connected: Connected Successfully", "auth_success: authenticated",
                .. channels.Split(',').Select(channel => $"success: subscribed to: {channel}")]);
        var ticks = report.GetProperty("ticks").EnumerateArray().ToList();
        ticks.Count.ShouldBeGreaterThanOrEqualTo(50);
        ticks.Select(tick => tick.GetProperty("ev").GetString()).Distinct().ShouldBe(kinds.Split(' '), ignoreOrder: true);
    }

    [Fact]
    public async Task Client_reads_all_pages_of_the_history()
    {
        await using var simulator = await SimulatorHost.StartAsync("ApiKey=key", "Rate=20000");
        await using var client = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync("key");
        await client.SubscribeAsync("T.IBM");
        await client.ReadTicksAsync(Market.Stock, 300);
        var tickCount = (await client.ReadWhileAsync(simulator.StopAsync())).GetProperty("symbols").GetProperty("IBM").GetProperty("made")
            .GetInt32();

        (await RunAsync(simulator, "trades", "IBM", "100")).GetInt32().ShouldBe(tickCount);
    }

    private static async Task<JsonElement> RunAsync(SimulatorHost simulator, string scenario, params string[] arguments)
    {
        var cancellation = TestContext.Current.CancellationToken;
        var (packages, problem) = await Scripts.PackagesAsync().WaitAsync(cancellation);
        Assert.SkipWhen(packages is null, problem);
        var (exitCode, output, complaints) = await Scripts.RunAsync(
            packages!, "polygon.mjs", [scenario, simulator.Address.ToString().TrimEnd('/'), .. arguments], cancellation);
        exitCode.ShouldBe(0, complaints);
        return JsonDocument.Parse(output).RootElement;
    }
}
