using System.Text.Json;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.Ticks;

namespace AppHost.Tests.Relaying;

/// <summary>Events in unusual formats that feeds have sent, from a scripted feed through the whole system.</summary>
[Collection("AppHost")]
public sealed class OddEventsTests
{
    private static readonly long NowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    /// <summary>
    /// Each event as sent on its channel, and the fields that arrive in another format; null for a field that does not arrive.
    /// </summary>
    private static readonly (string Channel, string Sent, string Changed)[] Events =
    [
        ("T.AAPL", $$"""{"sym":"AAPL","ev":"T","q":1,"t":{{NowMs}},"x":4,"i":"a+b/c=","z":3,"p":229.8700,"s":100,"c":[12,37]}""",
            """{"p":229.87}"""),
        ("T.AAPL", $$"""{"ev":"T","sym":"AAPL","x":4,"p":229.9,"s":0,"ds":"0.250000","t":{{NowMs + 1}},"q":2,"i":"7"}""",
            """{"ds":"0.25"}"""),
        ("T.AAPL", $$"""{"ev":"T","sym":"AAPL","p":0.0001,"s":3,"t":{{NowMs + 2}}123456,"pt":{{NowMs}},"q":3,"trfi":202,"trft":{{NowMs}}}""",
            $$"""{"t":{{NowMs + 2}}}"""),
        ("T.AAPL", $$"""{"ev":"T","sym":"AAPL","x":4,"p":2.2987e2,"s":"7","c":[],"t":{{NowMs + 3}},"q":4}""", """{"p":229.87,"s":7,"c":null}"""),
        ("T.AAPL", $$"""{"ev":"T","sym":"AAPL","p":1234567.12345678,"s":1,"t":{{NowMs + 4}},"q":5,"unknown":[1]}""", """{"unknown":null}"""),
        ("Q.AAPL", $$"""{"ev":"Q","sym":"AAPL","bx":11,"bp":2.5,"bs":1,"ax":12,"ap":2.75,"as":2,"c":1,"i":[604,7],"t":{{NowMs}},"q":6,"z":3}""",
            "{}"),
        ("Q.AAPL", $$"""{"ev":"Q","sym":"AAPL","ax":12,"ap":229.91,"as":2,"t":{{NowMs + 1}},"q":7}""", "{}"),
        ("T.O:SPY251219C00650000", $$"""{"ev":"T","sym":"O:SPY251219C00650000","x":302,"p":0.05,"s":10,"c":[233],"t":{{NowMs}},"q":1}""", "{}"),
        ("Q.O:SPY251219C00650000",
            $$"""{"ev":"Q","sym":"O:SPY251219C00650000","bx":302,"ax":301,"bp":9.71,"ap":10.0,"bs":17,"as":24,"t":{{NowMs}},"q":2}""",
            """{"ap":10}"""),
        ("C.EUR/USD", $$"""{"ev":"C","p":"EUR/USD","x":"48","a":1.100123456789012,"b":1.1,"t":{{NowMs}}}""", """{"x":48}"""),
        ("C.EUR/USD", $$"""{"t":{{NowMs + 1}},"b":1.1,"a":1.2,"x":48,"p":"EUR/USD","ev":"C"}""", "{}"),
        ("XT.BTC-USD",
            $$"""{"ev":"XT","pair":"BTC-USD","p":33021.9,"t":{{NowMs}},"s":4e-05,"c":[2],"i":"70b1c1d2-00","x":1,"r":{{NowMs + 9}}}""",
            """{"s":0.00004}"""),
        ("XT.BTC-USD",
            $$"""{"ev":"XT","pair":"BTC-USD","p":33021.8,"t":{{NowMs + 1}},"s":0.01616617,"c":[0],"i":15528,"x":1,"r":{{NowMs + 9}}}""",
            """{"i":"15528"}"""),
        ("XQ.BTC-USD",
            $$"""{"ev":"XQ","pair":"BTC-USD","lp":0,"bp":33052.79,"bs":0.48,"ap":33073.19,"as":0.601,"t":{{NowMs}},"x":1,"r":{{NowMs + 9}}}""",
            """{"lp":null}"""),
    ];

    private static readonly Dictionary<Market, string> Channels = new()
    {
        [Market.Stock] = "T.AAPL,Q.AAPL",
        [Market.Option] = "T.O:SPY251219C00650000,Q.O:SPY251219C00650000",
        [Market.Forex] = "C.EUR/USD",
        [Market.Crypto] = "XT.BTC-USD,XQ.BTC-USD",
    };

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Field_arrives_unchanged_or_in_the_documented_format()
    {
        await using var feed = await ScriptedFeed.StartAsync(PlayAsync);
        var environment = new Dictionary<string, string?>
        {
            ["POLYGON_API_KEY"] = "any",
            ["Polygon__Endpoint"] = feed.Address.ToString(),
        };
        await using var appHost = await AppHostProcess.StartAsync(
            ["--symbols", "AAPL,O:SPY251219C00650000,EURUSD,BTC-USD"], environment);
        await appHost.WaitForLineAsync(line => line.Contains("everything is running", StringComparison.Ordinal), Cancellation);
        var relay = await appHost.AddressAsync("relay", Cancellation);

        foreach (var (market, channels) in Channels)
        {
            await using var recorder = await EventRecorder.StartAsync(relay, market, channels, $"since={NowMs}");
            foreach (var channel in channels.Split(','))
            {
                var sent = Events.Where(one => one.Channel == channel).ToList();
                await recorder.UntilAsync(client => client.Of(channel).Count == sent.Count);
                recorder.Of(channel).Select(Fields).ShouldBe(sent.Select(one => Expected(one.Sent, one.Changed)));
            }
        }
    }

    /// <summary>Acknowledges the collector's subscriptions, and sends the market's events with the last acknowledgement.</summary>
    private static async Task PlayAsync(FeedPeer peer)
    {
        var channels = Channels[MarketOf(peer.Path)].Split(',');
        var remaining = channels.Length;
        await peer.ServeAsync((action, names) =>
        {
            if (action != "subscribe" || (remaining -= names.Length) > 0)
                return null;
            var acknowledged = FeedPeer.Acknowledgements(action, names);
            // The acknowledgements and the events are in one frame, as from the feed.
            return $"{acknowledged[..^1]},{string.Join(',', Events.Where(one => channels.Contains(one.Channel)).Select(one => one.Sent))}]";
        });
    }

    private static Market MarketOf(string path) => path.TrimStart('/') switch
    {
        "forex" => Market.Forex,
        "crypto" => Market.Crypto,
        "options" => Market.Option,
        _ => Market.Stock,
    };

    private static string Expected(string sent, string changed)
    {
        using var json = JsonDocument.Parse(sent);
        using var other = JsonDocument.Parse(changed);
        var fields = json.RootElement.EnumerateObject().ToDictionary(field => field.Name, field => field.Value.GetRawText());
        foreach (var field in other.RootElement.EnumerateObject())
            fields[field.Name] = field.Value.GetRawText();
        return Text(fields.Where(field => field.Value != "null"));
    }

    private static string Fields(string text)
    {
        using var json = JsonDocument.Parse(text);
        return Text(json.RootElement.EnumerateObject().Select(field => KeyValuePair.Create(field.Name, field.Value.GetRawText())));
    }

    private static string Text(IEnumerable<KeyValuePair<string, string>> fields) =>
        string.Join(' ', fields.OrderBy(field => field.Key, StringComparer.Ordinal).Select(field => $"{field.Key}={field.Value}"));
}
