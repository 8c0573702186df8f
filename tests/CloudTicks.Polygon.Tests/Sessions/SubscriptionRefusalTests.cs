using CloudTicks.Polygon.Frames;
using CloudTicks.Polygon.Sessions;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>Tests channels that the server refuses, does not know, or has no room for.</summary>
public sealed class SubscriptionRefusalTests : IDisposable
{
    private readonly SubscriptionServer _server = new();

    public void Dispose() => _server.Dispose();

    [Fact]
    public void TakeNext_unknown_name_is_retried_rarely_and_named()
    {
        _server.Book.SetWanted(SubscriptionServer.Quotes(250));
        _server.Authenticate();
        var requestTimes = new List<TimeSpan>();
        var start = _server.Time.GetUtcNow();
        while (_server.Time.GetUtcNow() - start < TimeSpan.FromHours(6))
        {
            if (_server.Protocol.TakeNext() is { } message)
            {
                if (message.Parameters.Contains("Q.S7", StringComparison.Ordinal)
                    && !message.Parameters.Contains("Q.S8,", StringComparison.Ordinal))
                {
                    requestTimes.Add(_server.Time.GetUtcNow() - start);
                }

                _server.Acknowledge(message, "Q.S7");
            }

            _server.Time.Advance(_server.Protocol.UntilNext() ?? TimeSpan.FromHours(6));
        }

        _server.Book.AcknowledgedCount.ShouldBe(249);
        requestTimes.Count.ShouldBeInRange(10, 20);
        (requestTimes[^1] - requestTimes[^2]).ShouldBeGreaterThan(TimeSpan.FromMinutes(59));
        _server.Log.Lines.ShouldContain(line => line.Contains("did not acknowledge 1 channels", StringComparison.Ordinal)
            && line.Contains("Q.S7", StringComparison.Ordinal));
        _server.Log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)).ShouldBe(1);
        _server.Book.Problems().Select(trouble => trouble.Channel.ToString()).ShouldBe(["Q.S7"]);
    }

    [Fact]
    public void OnError_refused_subscription_is_halved()
    {
        string[] bad = ["Q.S3", "Q.S77", "Q.S199"];
        _server.Book.SetWanted(SubscriptionServer.Quotes(200));
        _server.Authenticate();

        var messages = _server.ExchangeMessages(message =>
        {
            var names = message.Parameters.Split(',');
            if (names.Intersect(bad).Any())
            {
                // Sends several errors without channel names, like a server that reports each refused channel separately.
                _server.Protocol.Handle(new PolygonStatus("error", "not authorized"));
                _server.Protocol.Handle(new PolygonStatus("error", "not authorized"));
            }
            else
            {
                _server.Acknowledge(message);
            }
        });

        _server.Book.AcknowledgedCount.ShouldBe(197);
        _server.Book.Problems().Select(trouble => trouble.Channel.ToString()).ShouldBe(bad, ignoreOrder: true);
        messages.ShouldBeLessThan(60);
        foreach (var name in bad)
        {
            _server.Log.Lines.ShouldContain(
                line => line.StartsWith($"Warning: Polygon refused {name} on stocks: not authorized", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void OnError_partly_accepted_subscription_halves_the_rest()
    {
        _server.Book.SetWanted(SubscriptionServer.Quotes(40));
        _server.Authenticate();
        var message = _server.Protocol.TakeNext()!.Value;
        _server.Acknowledge(message, "Q.S4", "Q.S9");
        _server.Protocol.Handle(new PolygonStatus("error", "not authorized"));
        _server.Protocol.TakeNext().ShouldBeNull();

        _server.Time.Advance(_server.Protocol.UntilNext()!.Value);
        _server.Time.Advance(_server.Protocol.UntilNext()!.Value);

        _server.Protocol.TakeNext()!.Value.ToString().ShouldBe("subscribe Q.S4");
    }

    [Fact]
    public void OnError_channels_fill_the_limit_and_others_wait()
    {
        const int limit = 333;
        var held = new HashSet<string>();
        var limitRefusals = 0;
        _server.Book.SetWanted(SubscriptionServer.Quotes(500));
        _server.Authenticate();
        void Answer(ControlMessage message)
        {
            var names = message.Parameters.Split(',');
            if (message.Action == "unsubscribe")
            {
                held.ExceptWith(names);
                _server.Acknowledge(message);
            }
            else if (held.Count + names.Length > limit)
            {
                limitRefusals++;
                _server.Protocol.Handle(new PolygonStatus("error", "Subscription limit reached for feed stocks"));
            }
            else
            {
                held.UnionWith(names);
                _server.Acknowledge(message);
            }
        }

        _server.ExchangeMessages(Answer);
        _server.Book.AcknowledgedCount.ShouldBe(limit);
        _server.Book.Problems().Count().ShouldBe(500 - limit);
        limitRefusals.ShouldBeLessThan(20);
        _server.Log.Lines.ShouldContain(line => line.Contains("accepts only 333 channels", StringComparison.Ordinal));

        _server.Book.SetWanted(SubscriptionServer.Quotes(500).Skip(100));
        _server.ExchangeMessages(Answer);

        _server.Book.AcknowledgedCount.ShouldBe(limit);
        _server.Book.Problems().Count().ShouldBe(400 - limit);
    }

    [Fact]
    public void OnError_consecutive_refusals_slow_down_requests()
    {
        _server.Book.SetWanted(SubscriptionServer.Quotes(200));
        _server.Authenticate();

        var start = _server.Time.GetUtcNow();
        var messages = _server.ExchangeMessages(_ => _server.Protocol.Handle(new PolygonStatus("error", "not authorized")));

        _server.Book.Problems().Count().ShouldBe(200);
        messages.ShouldBeGreaterThan(200);
        (messages / (_server.Time.GetUtcNow() - start).TotalSeconds).ShouldBeLessThan(1);
        _server.Log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)).ShouldBe(20);
        _server.Log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Begin_requests_held_channels_again_but_not_refused_ones()
    {
        _server.Book.SetWanted(SubscriptionServer.Quotes(3));
        _server.Authenticate();
        _server.ExchangeMessages(message =>
        {
            _server.Acknowledge(message.Parameters.Contains("Q.S1", StringComparison.Ordinal) ? message with { Parameters = "" } : message);
            if (message.Parameters.Contains("Q.S1", StringComparison.Ordinal))
            {
                _server.Protocol.Handle(new PolygonStatus("error", "not authorized"));
            }
        });

        _server.Book.End().Length.ShouldBe(2);
        _server.Book.Begin();

        _server.Book.TakeNext()!.Value.ToString().ShouldBe("subscribe Q.S0,Q.S2");
    }
}
