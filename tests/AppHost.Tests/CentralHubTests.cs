using System.Text;
using System.Text.Json;
using CloudTicks.TestServices;

namespace AppHost.Tests;

/// <summary>Sends requests to the central hub as a user does.</summary>
[Collection("AppHost")]
public sealed class CentralHubTests
{
    private const string FourSymbols = """{"operational":{"symbols":["EURUSD","XAUUSD","GBPUSD","EURAUD"]}}""";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Posted_symbols_stay_subscribed_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();
        await using (var first = await AppHostProcess.StartAsync(["--rate", "500", "--symbols", "USDJPY,EURUSD"], [], folder.Path))
        {
            await first.WaitForLineAsync(line => line.Contains("everything is running", StringComparison.Ordinal), Cancellation);
            // The addresses have the ports 7071, 7000 and 9100 in this order; a port that was in use is replaced by a free one.
            var hubs = await WaitForAddressesAsync(first, "functions", 3);
            var hub = $"{hubs[1]}/api/v1/config/polygon-live-collector";
            (await http.GetStringAsync(hub, Cancellation)).ShouldContain("\"symbols\":[\"USDJPY\",\"EURUSD\"]");

            using var body = new StringContent(FourSymbols, Encoding.UTF8, "application/json");
            using var response = await http.PostAsync(hub, body, Cancellation);

            response.IsSuccessStatusCode.ShouldBeTrue();
            (await http.GetStringAsync($"{hubs[0]}/api/v1/config/polygon-live-collector", Cancellation)).ShouldContain("EURAUD");
            await WaitForFourSymbolsAsync(http, (await WaitForAddressesAsync(first, "collector", 1))[0]);
        }

        await using var second = await AppHostProcess.StartAsync(["--rate", "500"], [], folder.Path);
        await second.WaitForLineAsync(line => line.Contains("everything is running", StringComparison.Ordinal), Cancellation);
        var collector = (await WaitForAddressesAsync(second, "collector", 1))[0];
        await WaitForFourSymbolsAsync(http, collector);
        await second.WaitForLineAsync(line => line.Contains("Collecting 4 channels", StringComparison.Ordinal), Cancellation);
        var settings = await http.GetStringAsync($"{collector}/api/v1/settings", Cancellation);
        settings.ShouldContain(
            """{"name":"Collector:Symbols","value":"EURUSD,XAUUSD,GBPUSD,EURAUD","source":"central hub, version 1","overridden":[""");
        settings.ShouldContain("""{"name":"POLYGON_API_KEY","value":"***",""");
    }

    private static async Task<string[]> WaitForAddressesAsync(AppHostProcess appHost, string part, int count)
    {
        const string ListeningText = "Now listening on: ";
        string[] Addresses() =>
            [.. appHost.Lines.Where(line => AppHostProcess.IsOf(line, part) && line.Contains(ListeningText, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(ListeningText, StringComparison.Ordinal) + ListeningText.Length)..].Trim())];
        await appHost.WaitForLineAsync(_ => Addresses().Length >= count, Cancellation);
        return Addresses();
    }

    private static async Task WaitForFourSymbolsAsync(HttpClient http, string collector)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var status = JsonDocument.Parse(await http.GetStringAsync($"{collector}/api/v1/status", Cancellation));
            var connections = status.RootElement.GetProperty("connections").EnumerateObject()
                .SelectMany(market => market.Value.GetProperty("connections").EnumerateArray()).ToArray();
            if (connections.Sum(connection => connection.GetProperty("wanted").GetInt32()) == 4
                && connections.Sum(connection => connection.GetProperty("acknowledged").GetInt32()) == 4)
            {
                return;
            }

            await timer.WaitForNextTickAsync(Cancellation);
        }
    }
}
