using CloudTicks.Ticks;

namespace AppHost.Tests.Relaying;

/// <summary>
/// The same client receives the same events from the simulator and from the relay: collector and event hub in between change nothing.
/// </summary>
[Collection("AppHost")]
public sealed class SameEventsTests
{
    private const int MinEvents = 100;

    private static readonly (Market Market, string[] Channels)[] Feeds =
    [
        (Market.Stock, ["T.AAPL", "Q.AAPL", "T.IBM", "Q.IBM"]),
        (Market.Option, ["T.O:SPY251219C00650000", "Q.O:SPY251219C00650000"]),
        (Market.Forex, ["C.EUR/USD", "C.USD/JPY", "C.XAU/USD"]),
        (Market.Crypto, ["XT.BTC-USD", "XQ.BTC-USD", "XT.DOGE-USD", "XQ.DOGE-USD"]),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Client_of_the_relay_gets_the_feeds_events_unchanged()
    {
        var startMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        await using var appHost = await AppHostProcess.StartAsync(
            "--rate", "500", "--symbols", "AAPL,IBM,O:SPY251219C00650000,EURUSD,USDJPY,XAUUSD,BTC-USD,DOGE-USD");
        await appHost.WaitForLineAsync(line => line.Contains("everything is running", StringComparison.Ordinal), Cancellation);
        var simulator = await appHost.AddressAsync("simulator", Cancellation);
        var relay = await appHost.AddressAsync("relay", Cancellation);
        using var http = new HttpClient();
        using (var faultRequest = new StringContent("""{"fault":"one-sided","times":50}"""))
            (await http.PostAsync(new Uri(simulator, "api/v1/faults"), faultRequest, Cancellation)).EnsureSuccessStatusCode();
        var (direct, relayed) = (new List<EventRecorder>(), new List<EventRecorder>());
        try
        {
            foreach (var (market, channels) in Feeds)
            {
                direct.Add(await EventRecorder.StartAsync(simulator, market, string.Join(',', channels)));
                relayed.Add(await EventRecorder.StartAsync(relay, market, string.Join(',', channels), $"since={startMs}"));
            }

            for (var index = 0; index < Feeds.Length; index++)
                await direct[index].UntilAsync(recorder => Feeds[index].Channels.All(channel => recorder.Of(channel).Count >= MinEvents));
            (await http.PostAsync(new Uri(simulator, "api/v1/stop"), content: null, Cancellation)).EnsureSuccessStatusCode();
            for (var index = 0; index < Feeds.Length; index++)
                await direct[index].ReadToEndAsync(Feeds[index].Channels);

            for (var index = 0; index < Feeds.Length; index++)
            {
                foreach (var symbol in Feeds[index].Channels.Select(channel => channel[(channel.IndexOf('.') + 1)..]).Distinct())
                    await ShouldBeSameAsync(symbol, direct[index], relayed[index]);
            }
        }
        finally
        {
            foreach (var recorder in direct.Concat(relayed))
                await recorder.DisposeAsync();
        }
    }

    /// <summary>The client of the relay may also have received events from before the subscription of the simulator's client.</summary>
    private static async Task ShouldBeSameAsync(string symbol, EventRecorder direct, EventRecorder relayed)
    {
        var last = direct.Of(symbol)[^1];
        await relayed.UntilAsync(recorder => recorder.Of(symbol) is [.., var newest] && newest == last);
        var (sent, received) = (direct.Of(symbol), relayed.Of(symbol));
        received.SkipWhile(text => text != sent[0]).ShouldBe(sent, symbol);
    }
}
