using System.Globalization;
using System.Text.Json;
using CloudTicks.TestServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>Tests the relay with Polygon's unmodified JavaScript client.</summary>
public sealed class OfficialClientTests
{
    private const int Count = 500;

    private static readonly NodeScripts Scripts = new(Path.Combine(AppContext.BaseDirectory, "Clients", "node"), "simulator-clients");

    [Theory]
    [InlineData("stocks", "T.AAPL", "AAPL")]
    [InlineData("stocks", "T.AAPL,T.MSFT,Q.AAPL", "AAPL")]
    [InlineData("stocks", "T.*", "AAPL")]
    [InlineData("options", "T.O:SPY251219C00650000", "O:SPY251219C00650000")]
    [InlineData("crypto", "XT.BTC-USD", "BTC-USD")]
    public async Task Client_authenticates_subscribes_and_gets_every_event(string market, string channels, string symbol)
    {
        var (packages, problem) = await Scripts.PackagesAsync().WaitAsync(TestContext.Current.CancellationToken);
        Assert.SkipWhen(packages is null, problem);
        await using var relay = await RelayHost.StartAsync();
        var running = Scripts.RunAsync(
            packages!, "polygon.mjs",
            ["stream", relay.Address.ToString().TrimEnd('/'), market, channels, Count.ToString(CultureInfo.InvariantCulture)],
            TestContext.Current.CancellationToken);
        var names = channels.Split(',');
        await relay.UntilAsync(clients => running.IsCompleted
            || (clients.GetArrayLength() == 1 && clients[0].GetProperty("channels").GetInt32() == names.Length));

        for (var number = 0; number < Count; number++)
            relay.Publish(symbol, TickKind.Trade, number);

        var (exitCode, output, complaints) = await running;
        exitCode.ShouldBe(0, complaints);
        var report = JsonDocument.Parse(output).RootElement;
        report.GetProperty("statuses").EnumerateArray().Select(status => status.GetString()).ShouldBe(
            ["connected: Connected Successfully", "auth_success: authenticated",
                .. names.Select(name => $"success: subscribed to: {name}")]);
        report.GetProperty("ticks").EnumerateArray().Select(tick => tick.GetProperty("q").GetInt32()).ShouldBe(Enumerable.Range(0, Count));
        await relay.UntilAsync(clients => clients.GetArrayLength() == 0);
    }
}
