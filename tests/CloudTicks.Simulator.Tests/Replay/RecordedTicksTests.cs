using System.Text.Json;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Tests.Replay;

/// <summary>
/// Tests recorded ticks that are not part of the repository. They are in the folder named by CLOUDTICKS_TICK_FILES, or in
/// <c>shared/data/ticks</c> below a parent folder of the tests.
/// </summary>
public sealed class RecordedTicksTests
{
    [Theory]
    [InlineData("eurusd-20140508-quotes.zip", "forex", "C.EUR/USD", 87_833, 87_829)]
    [InlineData("nzdusd-20140508-quotes.zip", "forex", "C.NZD/USD", 49_874, null)]
    [InlineData("xauusd-20140508-quotes.zip", "forex", "C.XAU/USD", 199_123, null)]
    [InlineData("spy-20131009-trades.zip", "stocks", "T.SPY", 439_677, 439_677)]
    [InlineData("ibm-20131009-quotes.zip", "stocks", "Q.IBM", 135_492, 135_492)]
    public async Task Recorded_file_arrives_completely_and_is_counted(
        string name, string market, string channel, int rows, int? distinct)
    {
        var file = Path.Combine(Folder(), name);
        Assert.SkipUnless(File.Exists(file), $"{name} is missing; set CLOUDTICKS_TICK_FILES to the folder of the recorded ticks.");
        await using var simulator = await SimulatorHost.StartAsync($"Replay:0={file}", "Speed=max");
        await using var client = await (await simulator.ConnectAsync(market)).AuthenticateAsync();
        await client.SendAsync("subscribe", channel);

        var received = await client.ReadTicksAsync(market == "forex" ? Market.Forex : Market.Stock, rows);
        JsonElement sent;
        do
        {
            sent = await simulator.SentAsync();
        }
        while (!sent.GetProperty("finished").GetBoolean());

        SentTests.Verify(sent, received, market == "forex" ? "forex" : "stock", channel[0] == 'T' ? "trade" : "quote");
        if (distinct is not null)
            sent.GetProperty("symbols").EnumerateObject().Single().Value.GetProperty("distinct").GetInt64().ShouldBe(distinct.Value);
    }

    private static string Folder()
    {
        if (Environment.GetEnvironmentVariable("CLOUDTICKS_TICK_FILES") is { Length: > 0 } configured)
            return configured;
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            var candidate = Path.Combine(folder.FullName, "shared", "data", "ticks");
            if (Directory.Exists(candidate))
                return candidate;
        }

        return AppContext.BaseDirectory;
    }
}
