using CloudTicks.Polygon.Frames;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>The conversation about channels, with a server that is a function.</summary>
public sealed class SubscriptionBookTests : IDisposable
{
    private readonly SubscriptionServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void TakeNext_asks_for_200_channels_at_a_time_and_for_no_more_before_the_answer()
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
    public void Channel_that_the_server_took_back_by_itself_is_asked_for_again()
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
        protocol.UntilNext().ShouldBe(SubscriptionServer.Timings.AskAgain);
        _server.Time.Advance(SubscriptionServer.Timings.AskAgain);
        protocol.TakeNext().ShouldBe(new ControlMessage("subscribe", "Q.S1"));
        protocol.Handle(new PolygonStatus("success", "subscribed to: Q.S1"));
        _server.Book.AcknowledgedCount.ShouldBe(2);
    }

    [Fact]
    public void TakeNext_acknowledgements_that_share_a_status_or_come_in_another_form_count()
    {
        _server.Book.SetWanted(SubscriptionServer.Quotes(3));
        _server.Authenticate();
        _server.Protocol.TakeNext();

        _server.Protocol.Handle(new PolygonStatus("success", "subscribed to: Q.S0,Q.S1"));
        _server.Protocol.Handle(new PolygonStatus("success", "Subscribed to:  Q.S2 "));

        _server.Book.AcknowledgedCount.ShouldBe(3);
    }

    [Fact]
    public void TakeNext_a_change_asks_for_the_difference_alone()
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
    public void TakeNext_a_channel_that_is_wanted_again_before_its_end_was_acknowledged_is_subscribed_again()
    {
        _server.Book.SetWanted(SubscriptionServer.Quotes(1));
        _server.Authenticate();
        _server.Acknowledge(_server.Protocol.TakeNext()!.Value);
        _server.Book.SetWanted([]);
        var end = _server.Protocol.TakeNext()!.Value;
        _server.Book.SetWanted(SubscriptionServer.Quotes(1));

        _server.Protocol.TakeNext().ShouldBeNull();
        _server.Acknowledge(end);

        _server.Protocol.TakeNext()!.Value.ToString().ShouldBe("subscribe Q.S0");
    }
}
