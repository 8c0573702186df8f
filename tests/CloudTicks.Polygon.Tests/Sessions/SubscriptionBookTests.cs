using CloudTicks.Polygon.Frames;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>Tests the protocol for channels against a simulated server.</summary>
public sealed class SubscriptionBookTests : IDisposable
{
    private readonly SubscriptionServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void TakeNext_requests_200_channels_and_waits_for_response()
    {
        _server.Book.SetWanted(SubscriptionServer.Quotes(450));
        _server.Authenticate();

        var sizes = new List<int>();
        for (var next = _server.Protocol.TakeNext(); next is { } message; next = _server.Protocol.TakeNext())
        {
            _server.Protocol.TakeNext().ShouldBeNull();
            message.Action.ShouldBe("subscribe");
            sizes.Add(message.Parameters.Split(',').Length);
            _server.Acknowledge(message);
        }

        sizes.ShouldBe([200, 200, 50]);
        _server.Book.AcknowledgedCount.ShouldBe(450);
        _server.Protocol.UntilNext().ShouldBeNull();
    }

    [Fact]
    public void Channel_unsubscribed_by_server_is_requested_again()
    {
        var takenBack = new List<string>();
        var key = new PolygonApiKey(new ConfigurationBuilder().AddInMemoryCollection([new(PolygonApiKey.Setting, "k")]).Build());
        var protocol = new SessionProtocol(Market.Stock, "stocks", _server.Book, key, SubscriptionServer.Timings, _server.Time, _server.Log)
        {
            OnTakenBack = channel => takenBack.Add(channel.ToString()),
        };
        _server.Book.SetWanted(SubscriptionServer.Quotes(2));
        protocol.Handle(new PolygonStatus("connected", "Connected Successfully"));
        protocol.TakeNext();
        protocol.Handle(new PolygonStatus("auth_success", "authenticated"));
        protocol.TakeNext();
        protocol.Handle(new PolygonStatus("success", "subscribed to: Q.S0,Q.S1"));

        protocol.Handle(new PolygonStatus("success", "unsubscribed to: Q.S1"));

        takenBack.ShouldBe(["Q.S1"]);
        _server.Book.AcknowledgedCount.ShouldBe(1);
        protocol.UntilNext().ShouldBe(SubscriptionServer.Timings.RetryDelay);
        _server.Time.Advance(SubscriptionServer.Timings.RetryDelay);
        protocol.TakeNext().ShouldBe(new ControlMessage("subscribe", "Q.S1"));
        protocol.Handle(new PolygonStatus("success", "subscribed to: Q.S1"));
        _server.Book.AcknowledgedCount.ShouldBe(2);
    }

    [Fact]
    public void OnSubscribed_accepts_merged_names_any_case_and_spaces()
    {
        _server.Book.SetWanted(SubscriptionServer.Quotes(3));
        _server.Authenticate();
        _server.Protocol.TakeNext();

        _server.Protocol.Handle(new PolygonStatus("success", "subscribed to: Q.S0,Q.S1"));
        _server.Protocol.Handle(new PolygonStatus("success", "Subscribed to:  Q.S2 "));

        _server.Book.AcknowledgedCount.ShouldBe(3);
    }

    [Fact]
    public void TakeNext_after_change_returns_only_the_difference()
    {
        _server.Book.SetWanted(SubscriptionServer.Quotes(5));
        _server.Authenticate();
        _server.Acknowledge(_server.Protocol.TakeNext()!.Value);

        _server.Book.SetWanted(SubscriptionServer.Quotes(7).Skip(2));

        var first = _server.Protocol.TakeNext()!.Value;
        first.ToString().ShouldBe("unsubscribe Q.S0,Q.S1");
        _server.Acknowledge(first);
        _server.Protocol.TakeNext()!.Value.ToString().ShouldBe("subscribe Q.S5,Q.S6");
    }

    [Fact]
    public void TakeNext_channel_wanted_again_is_resubscribed()
    {
        _server.Book.SetWanted(SubscriptionServer.Quotes(1));
        _server.Authenticate();
        _server.Acknowledge(_server.Protocol.TakeNext()!.Value);
        _server.Book.SetWanted([]);
        var unsubscription = _server.Protocol.TakeNext()!.Value;
        _server.Book.SetWanted(SubscriptionServer.Quotes(1));

        _server.Protocol.TakeNext().ShouldBeNull();
        _server.Acknowledge(unsubscription);

        _server.Protocol.TakeNext()!.Value.ToString().ShouldBe("subscribe Q.S0");
    }
}
