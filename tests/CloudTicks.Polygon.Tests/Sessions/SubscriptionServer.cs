using System.Diagnostics.Metrics;
using CloudTicks.Polygon.Frames;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>The server's side of the protocol for channels. The test chooses the responses and the time.</summary>
internal sealed class SubscriptionServer : IDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public SubscriptionServer()
    {
        var metrics = new PolygonMetrics(_services.GetRequiredService<IMeterFactory>());
        Book = new SubscriptionBook("stocks", Market.Stock, Timings, metrics, Time, new Lock(), Log);
        var key = new PolygonApiKey(new ConfigurationBuilder().AddInMemoryCollection([new(PolygonApiKey.Setting, "k")]).Build());
        Protocol = new SessionProtocol(Market.Stock, "stocks", Book, key, Timings, Time, Log);
    }

    public static SessionTimings Timings { get; } = new();

    public TestTime Time { get; } = new();

    public CapturedLog Log { get; } = new();

    public SubscriptionBook Book { get; }

    public SessionProtocol Protocol { get; }

    public static IEnumerable<FeedChannel> Quotes(int count) => Enumerable.Range(0, count).Select(number =>
        Symbol.TryParse(Market.Stock, $"S{number}", out var symbol)
            ? new FeedChannel(symbol, TickKind.Quote)
            : throw new ArgumentException("No symbol"));

    public void Authenticate()
    {
        Protocol.Handle(new PolygonStatus("connected", "Connected Successfully"));
        Protocol.TakeNext()!.Value.ShouldBe(ControlMessage.Auth("k"));
        Protocol.TakeNext().ShouldBeNull();
        Protocol.Handle(new PolygonStatus("auth_success", "authenticated"));
    }

    public void Acknowledge(ControlMessage message, params string[] unacknowledged)
    {
        foreach (var name in message.Parameters.Split(',', StringSplitOptions.RemoveEmptyEntries).Except(unacknowledged))
        {
            Protocol.Handle(new PolygonStatus("success", $"{(message.Action == "subscribe" ? "subscribed" : "unsubscribed")} to: {name}"));
        }
    }

    /// <summary>Exchanges messages until no further message is due within a minute.</summary>
    /// <returns>The number of messages.</returns>
    public int ExchangeMessages(Action<ControlMessage> answer)
    {
        for (var messages = 0; ; messages++)
        {
            var next = Protocol.TakeNext();
            while (next is null)
            {
                if (Protocol.UntilNext() is not { } wait || wait > TimeSpan.FromMinutes(1))
                {
                    return messages;
                }

                Time.Advance(wait);
                next = Protocol.TakeNext();
            }

            answer(next.Value);
        }
    }

    public void Dispose() => _services.Dispose();
}
