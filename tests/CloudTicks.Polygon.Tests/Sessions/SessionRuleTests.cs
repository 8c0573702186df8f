using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon.Tests.Sessions;

public class SessionRuleTests
{
    [Theory]
    [InlineData("EURUSD", TickKind.Quote, "C.EUR/USD")]
    [InlineData("C:ABCUSD", TickKind.Quote, "C.ABC/USD")]
    [InlineData("BRK.A", TickKind.Trade, "T.BRK.A")]
    [InlineData("BRK.A", TickKind.Quote, "Q.BRK.A")]
    [InlineData("O:SPY251219C00650000", TickKind.Quote, "Q.O:SPY251219C00650000")]
    [InlineData("BTC-USD", TickKind.Trade, "XT.BTC-USD")]
    [InlineData("X:NEWCOIN-USD", TickKind.Quote, "XQ.NEWCOIN-USD")]
    public void Channel_name_has_the_form_of_the_feed(string text, TickKind kind, string name)
    {
        Symbol.TryParse(text, out var symbol).ShouldBeTrue();
        var channel = new FeedChannel(symbol, kind);

        channel.ToString().ShouldBe(name);
        FeedChannel.TryParse(symbol.Market, name, out var parsed).ShouldBeTrue();
        parsed.ShouldBe(channel);
    }

    [Theory]
    [InlineData("C.C:EUR-USD", true)]
    [InlineData(" C.EUR-USD ", true)]
    [InlineData("CA.EUR/USD", false)]
    [InlineData("EURUSD", false)]
    [InlineData("C.", false)]
    public void Channel_TryParse_accepts_forms_of_servers(string text, bool known) =>
        FeedChannel.TryParse(Market.Forex, text, out _).ShouldBe(known);

    [Fact]
    public void Next_pauses_grow_and_reset_after_stable_session()
    {
        var backoff = new ReconnectBackoff(() => TimeSpan.FromSeconds(5), new SessionTimings(), new MaxRandom());

        var pauses = Enumerable.Range(0, 7).Select(_ => backoff.Next(SessionEndReason.ConnectionLost, TimeSpan.FromSeconds(9)).TotalSeconds)
            .ToList();

        pauses.ShouldBe([0.5, 5, 10, 20, 40, 60, 60]);
        backoff.Next(SessionEndReason.ConnectionLost, TimeSpan.FromSeconds(10)).TotalSeconds.ShouldBe(0.5);
        backoff.Next(SessionEndReason.ConnectionLost, TimeSpan.Zero).TotalSeconds.ShouldBe(5);
        backoff.Next(SessionEndReason.MaxConnections, TimeSpan.FromSeconds(10)).TotalSeconds.ShouldBe(120);
    }

    [Theory]
    [InlineData("ws://127.0.0.1:8100", "key", null)]
    [InlineData("wss://delayed.polygon.io", "key", null)]
    [InlineData("wss://socket.polygon.io", "", "POLYGON_API_KEY is not set")]
    [InlineData("wss://socket.polygon.io", "  ", "POLYGON_API_KEY is not set")]
    [InlineData("ws://socket.polygon.io", "key", "unencrypted")]
    [InlineData("http://127.0.0.1:8100", "key", null)]
    [InlineData("https://socket.polygon.io", "key", null)]
    [InlineData("http://socket.polygon.io", "key", "unencrypted")]
    [InlineData("ftp://socket.polygon.io", "key", "wss://socket.polygon.io")]
    [InlineData("socket.polygon.io", "key", "wss://socket.polygon.io")]
    public void Invalid_options_are_refused_with_message(string endpoint, string key, string? sentence)
    {
        using var services = new ServiceCollection()
            .AddSingleton<IConfiguration>(new ConfigurationBuilder()
                .AddInMemoryCollection([new(PolygonApiKey.Setting, key), new("Polygon:Endpoint", endpoint)]).Build())
            .AddPolygon()
            .BuildServiceProvider();
        var options = services.GetRequiredService<IOptions<PolygonOptions>>();

        if (sentence is null)
        {
            options.Value.Endpoint.ToString().ShouldStartWith(endpoint);
        }
        else
        {
            Should.Throw<OptionsValidationException>(() => options.Value).Message.ShouldContain(sentence);
        }
    }

    [Fact]
    public async Task WriteAsync_to_full_queue_waits_for_room()
    {
        var queue = new FrameQueue(1000);
        await queue.WriteAsync(Frame(600), TestContext.Current.CancellationToken);
        var second = queue.WriteAsync(Frame(600), TestContext.Current.CancellationToken).AsTask();
        second.IsCompleted.ShouldBeFalse();

        queue.TryRead(out var first).ShouldBeTrue();
        await second;

        first.Length.ShouldBe(600);
        queue.Bytes.ShouldBe(600);
        queue.TryRead(out _).ShouldBeTrue();
        queue.TryRead(out _).ShouldBeFalse();
        await queue.WriteAsync(Frame(5000), TestContext.Current.CancellationToken);
        await queue.WaitAsync(TestContext.Current.CancellationToken);
    }

    [Fact]
    public async Task WaitAsync_for_bytes_completes_at_count_or_wake()
    {
        var queue = new FrameQueue(1000);
        var waiting = queue.WaitAsync(100, TestContext.Current.CancellationToken).AsTask();
        await queue.WriteAsync(Frame(60), TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();
        await queue.WriteAsync(Frame(60), TestContext.Current.CancellationToken);
        await waiting;

        waiting = queue.WaitAsync(1000, TestContext.Current.CancellationToken).AsTask();
        waiting.IsCompleted.ShouldBeFalse();
        queue.Wake();
        await waiting;

        await queue.WaitAsync(120, TestContext.Current.CancellationToken);
    }

    private static ReceivedFrame Frame(int bytes) => ReceivedFrame.Copy(Market.Forex, new byte[bytes], 0);

    private sealed class MaxRandom : Random
    {
        public override double NextDouble() => 1;
    }
}
