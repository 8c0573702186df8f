using System.Text;
using System.Text.Json;
using CloudTicks.TestServices;

namespace AppHost.Tests;

/// <summary>The central hub, used like a user does.</summary>
[Collection("AppHost")]
public sealed class CentralHubTests
{
    private const string Four = """{"operational":{"symbols":["EURUSD","XAUUSD","GBPUSD","EURAUD"]}}""";

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Posted_symbols_are_subscribed_also_after_a_restart()
    {
        using var folder = new TemporaryFolder();
        using var http = new HttpClient();
        await using (var first = await AppHostProcess.StartAsync(["--rate", "500", "--symbols", "USDJPY,EURUSD"], [], folder.Path))
        {
            await first.WaitForLineAsync(line => line.Contains("everything runs", StringComparison.Ordinal), Cancelled);
            // In this order: 7071, 7000 and 9100, or the free ports that replaced them.
            var hubs = await ListeningAsync(first, "functions", 3);
            var hub = $"{hubs[1]}/api/v1/config/polygon-live-collector";
            (await http.GetStringAsync(hub, Cancelled)).ShouldContain("\"symbols\":[\"USDJPY\",\"EURUSD\"]");

            using var body = new StringContent(Four, Encoding.UTF8, "application/json");
            using var answer = await http.PostAsync(hub, body, Cancelled);

            answer.IsSuccessStatusCode.ShouldBeTrue();
            (await http.GetStringAsync($"{hubs[0]}/api/v1/config/polygon-live-collector", Cancelled)).ShouldContain("EURAUD");
            await UntilFourAsync(http, (await ListeningAsync(first, "collector", 1))[0]);
        }

        await using var second = await AppHostProcess.StartAsync(["--rate", "500"], [], folder.Path);
        await second.WaitForLineAsync(line => line.Contains("everything runs", StringComparison.Ordinal), Cancelled);
        var collector = (await ListeningAsync(second, "collector", 1))[0];
        await UntilFourAsync(http, collector);
        await second.WaitForLineAsync(line => line.Contains("Collecting 4 channels", StringComparison.Ordinal), Cancelled);
        var settings = await http.GetStringAsync($"{collector}/api/v1/settings", Cancelled);
        settings.ShouldContain(
            """{"name":"Collector:Symbols","value":"EURUSD,XAUUSD,GBPUSD,EURAUD","source":"central hub, version 1","overridden":[""");
        settings.ShouldContain("""{"name":"POLYGON_API_KEY","value":"***",""");
    }

    private static async Task<string[]> ListeningAsync(AppHostProcess appHost, string part, int count)
    {
        const string Words = "Now listening on: ";
        string[] Addresses() =>
            [.. appHost.Lines.Where(line => AppHostProcess.IsOf(line, part) && line.Contains(Words, StringComparison.Ordinal))
            .Select(line => line[(line.IndexOf(Words, StringComparison.Ordinal) + Words.Length)..].Trim())];
        await appHost.WaitForLineAsync(_ => Addresses().Length >= count, Cancelled);
        return Addresses();
    }

    private static async Task UntilFourAsync(HttpClient http, string collector)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            using var status = JsonDocument.Parse(await http.GetStringAsync($"{collector}/api/v1/status", Cancelled));
            var connections = status.RootElement.GetProperty("connections").EnumerateObject()
                .SelectMany(market => market.Value.GetProperty("connections").EnumerateArray()).ToArray();
            if (connections.Sum(connection => connection.GetProperty("wanted").GetInt32()) == 4
                && connections.Sum(connection => connection.GetProperty("acknowledged").GetInt32()) == 4)
            {
                return;
            }

            await timer.WaitForNextTickAsync(Cancelled);
        }
    }
}
