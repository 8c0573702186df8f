using System.Diagnostics.Metrics;
using CloudTicks.Polygon.Frames;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>The conversation about channels, with a server that is a function.</summary>
public sealed class SubscriptionBookTests : IDisposable
{
    private static readonly SessionTimings Timings = new();

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TestTime _time = new();
    private readonly CapturedLog _log = new();
    private readonly SubscriptionBook _book;
    private readonly SessionProtocol _protocol;

    public SubscriptionBookTests()
    {
        var metrics = new PolygonMetrics(_services.GetRequiredService<IMeterFactory>());
        _book = new SubscriptionBook("stocks", Market.Stock, Timings, metrics, _time, new Lock(), _log);
        var key = new PolygonApiKey(new ConfigurationBuilder().AddInMemoryCollection([new(PolygonApiKey.Setting, "k")]).Build());
        _protocol = new SessionProtocol(Market.Stock, "stocks", _book, key, Timings, _time, _log);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void TakeNext_asks_for_200_channels_at_a_time_and_for_no_more_before_the_answer()
    {
        _book.SetWanted(Quotes(450));
        Authenticate();

        var sizes = new List<int>();
        for (var next = _protocol.TakeNext(); next is { } message; next = _protocol.TakeNext())
        {
            _protocol.TakeNext().ShouldBeNull();
            message.Action.ShouldBe("subscribe");
            sizes.Add(message.Parameters.Split(',').Length);
            Acknowledge(message);
        }

        sizes.ShouldBe([200, 200, 50]);
        _book.AcknowledgedCount.ShouldBe(450);
        _protocol.UntilNext().ShouldBeNull();
    }

    [Fact]
    public void Channel_that_the_server_took_back_by_itself_is_asked_for_again()
    {
        var takenBack = new List<string>();
        var key = new PolygonApiKey(new ConfigurationBuilder().AddInMemoryCollection([new(PolygonApiKey.Setting, "k")]).Build());
        var protocol = new SessionProtocol(Market.Stock, "stocks", _book, key, Timings, _time, _log)
        {
            OnTakenBack = channel => takenBack.Add(channel.ToString()),
        };
        _book.SetWanted(Quotes(2));
        protocol.Handle(new PolygonStatus("connected", "Connected Successfully"));
        protocol.TakeNext();
        protocol.Handle(new PolygonStatus("auth_success", "authenticated"));
        protocol.TakeNext();
        protocol.Handle(new PolygonStatus("success", "subscribed to: Q.S0,Q.S1"));

        protocol.Handle(new PolygonStatus("success", "unsubscribed to: Q.S1"));

        takenBack.ShouldBe(["Q.S1"]);
        _book.AcknowledgedCount.ShouldBe(1);
        protocol.UntilNext().ShouldBe(Timings.AskAgain);
        _time.Advance(Timings.AskAgain);
        protocol.TakeNext().ShouldBe(new ControlMessage("subscribe", "Q.S1"));
        protocol.Handle(new PolygonStatus("success", "subscribed to: Q.S1"));
        _book.AcknowledgedCount.ShouldBe(2);
    }

    [Fact]
    public void TakeNext_acknowledgements_that_share_a_status_or_come_in_another_form_count()
    {
        _book.SetWanted(Quotes(3));
        Authenticate();
        _protocol.TakeNext();

        _protocol.Handle(new PolygonStatus("success", "subscribed to: Q.S0,Q.S1"));
        _protocol.Handle(new PolygonStatus("success", "Subscribed to:  Q.S2 "));

        _book.AcknowledgedCount.ShouldBe(3);
    }

    [Fact]
    public void TakeNext_a_change_asks_for_the_difference_alone()
    {
        _book.SetWanted(Quotes(5));
        Authenticate();
        Acknowledge(_protocol.TakeNext()!.Value);

        _book.SetWanted(Quotes(7).Skip(2));

        var first = _protocol.TakeNext()!.Value;
        first.ToString().ShouldBe("unsubscribe Q.S0,Q.S1");
        Acknowledge(first);
        _protocol.TakeNext()!.Value.ToString().ShouldBe("subscribe Q.S5,Q.S6");
    }

    [Fact]
    public void TakeNext_a_channel_that_is_wanted_again_before_its_end_was_acknowledged_is_subscribed_again()
    {
        _book.SetWanted(Quotes(1));
        Authenticate();
        Acknowledge(_protocol.TakeNext()!.Value);
        _book.SetWanted([]);
        var end = _protocol.TakeNext()!.Value;
        _book.SetWanted(Quotes(1));

        _protocol.TakeNext().ShouldBeNull();
        Acknowledge(end);

        _protocol.TakeNext()!.Value.ToString().ShouldBe("subscribe Q.S0");
    }

    [Fact]
    public void TakeNext_a_name_that_the_server_does_not_know_is_asked_for_ever_more_rarely_and_named()
    {
        _book.SetWanted(Quotes(250));
        Authenticate();
        var asked = new List<TimeSpan>();
        var start = _time.GetUtcNow();
        while (_time.GetUtcNow() - start < TimeSpan.FromHours(6))
        {
            if (_protocol.TakeNext() is { } message)
            {
                if (message.Parameters.Contains("Q.S7", StringComparison.Ordinal) && !message.Parameters.Contains("Q.S8,", StringComparison.Ordinal))
                {
                    asked.Add(_time.GetUtcNow() - start);
                }

                Acknowledge(message, "Q.S7");
            }

            _time.Advance(_protocol.UntilNext() ?? TimeSpan.FromHours(6));
        }

        _book.AcknowledgedCount.ShouldBe(249);
        asked.Count.ShouldBeInRange(10, 20);
        (asked[^1] - asked[^2]).ShouldBeGreaterThan(TimeSpan.FromMinutes(59));
        _log.Lines.ShouldContain(line => line.Contains("did not acknowledge 1 channels", StringComparison.Ordinal) && line.Contains("Q.S7", StringComparison.Ordinal));
        _log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)).ShouldBe(1);
        _book.Troubles().Select(trouble => trouble.Channel.ToString()).ShouldBe(["Q.S7"]);
    }

    [Fact]
    public void OnError_a_subscription_that_is_refused_whole_is_halved_until_the_refused_are_alone()
    {
        string[] bad = ["Q.S3", "Q.S77", "Q.S199"];
        _book.SetWanted(Quotes(200));
        Authenticate();

        var messages = Converse(message =>
        {
            var names = message.Parameters.Split(',');
            if (names.Intersect(bad).Any())
            {
                // One error for each of several, whatever their names are.
                _protocol.Handle(new PolygonStatus("error", "not authorized"));
                _protocol.Handle(new PolygonStatus("error", "not authorized"));
            }
            else
            {
                Acknowledge(message);
            }
        });

        _book.AcknowledgedCount.ShouldBe(197);
        _book.Troubles().Select(trouble => trouble.Channel.ToString()).ShouldBe(bad, ignoreOrder: true);
        messages.ShouldBeLessThan(60);
        foreach (var name in bad)
        {
            _log.Lines.ShouldContain(line => line.StartsWith($"Warning: Polygon refused {name} on stocks: not authorized", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void OnError_of_a_subscription_that_is_taken_in_part_only_the_rest_is_halved()
    {
        _book.SetWanted(Quotes(40));
        Authenticate();
        var message = _protocol.TakeNext()!.Value;
        Acknowledge(message, "Q.S4", "Q.S9");
        _protocol.Handle(new PolygonStatus("error", "not authorized"));
        _protocol.TakeNext().ShouldBeNull();

        _time.Advance(_protocol.UntilNext()!.Value);
        _time.Advance(_protocol.UntilNext()!.Value);

        _protocol.TakeNext()!.Value.ToString().ShouldBe("subscribe Q.S4");
    }

    [Fact]
    public void OnError_a_limit_of_subscriptions_is_filled_to_the_last_place_and_the_others_wait_for_room()
    {
        const int limit = 333;
        var held = new HashSet<string>();
        var noRoom = 0;
        _book.SetWanted(Quotes(500));
        Authenticate();
        void Answer(ControlMessage message)
        {
            var names = message.Parameters.Split(',');
            if (message.Action == "unsubscribe")
            {
                held.ExceptWith(names);
                Acknowledge(message);
            }
            else if (held.Count + names.Length > limit)
            {
                noRoom++;
                _protocol.Handle(new PolygonStatus("error", "Subscription limit reached for feed stocks"));
            }
            else
            {
                held.UnionWith(names);
                Acknowledge(message);
            }
        }

        Converse(Answer);
        _book.AcknowledgedCount.ShouldBe(limit);
        _book.Troubles().Count().ShouldBe(500 - limit);
        noRoom.ShouldBeLessThan(20);
        _log.Lines.ShouldContain(line => line.Contains("takes no more than 333 channels", StringComparison.Ordinal));

        _book.SetWanted(Quotes(500).Skip(100));
        Converse(Answer);

        _book.AcknowledgedCount.ShouldBe(limit);
        _book.Troubles().Count().ShouldBe(400 - limit);
    }

    [Fact]
    public void OnError_a_plan_that_refuses_everything_is_asked_ever_more_slowly()
    {
        _book.SetWanted(Quotes(200));
        Authenticate();

        var start = _time.GetUtcNow();
        var messages = Converse(_ => _protocol.Handle(new PolygonStatus("error", "not authorized")));

        _book.Troubles().Count().ShouldBe(200);
        messages.ShouldBeGreaterThan(200);
        (messages / (_time.GetUtcNow() - start).TotalSeconds).ShouldBeLessThan(1);
        _log.Lines.Count(line => line.StartsWith("Warning", StringComparison.Ordinal)).ShouldBe(20);
        _log.Lines.Count(line => line.StartsWith("Error", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public void Begin_what_was_acknowledged_in_the_session_before_is_asked_for_again_and_what_was_refused_is_not()
    {
        _book.SetWanted(Quotes(3));
        Authenticate();
        Converse(message =>
        {
            Acknowledge(message.Parameters.Contains("Q.S1", StringComparison.Ordinal) ? message with { Parameters = "" } : message);
            if (message.Parameters.Contains("Q.S1", StringComparison.Ordinal))
            {
                _protocol.Handle(new PolygonStatus("error", "not authorized"));
            }
        });

        _book.End().Length.ShouldBe(2);
        _book.Begin();

        _book.TakeNext()!.Value.ToString().ShouldBe("subscribe Q.S0,Q.S2");
    }

    private static IEnumerable<FeedChannel> Quotes(int count) => Enumerable.Range(0, count).Select(number =>
        Symbol.TryParse(Market.Stock, $"S{number}", out var symbol)
            ? new FeedChannel(symbol, TickKind.Quote)
            : throw new ArgumentException("No symbol"));

    private void Authenticate()
    {
        _protocol.Handle(new PolygonStatus("connected", "Connected Successfully"));
        _protocol.TakeNext()!.Value.ShouldBe(ControlMessage.Auth("k"));
        _protocol.TakeNext().ShouldBeNull();
        _protocol.Handle(new PolygonStatus("auth_success", "authenticated"));
    }

    private void Acknowledge(ControlMessage message, params string[] silentAbout)
    {
        foreach (var name in message.Parameters.Split(',', StringSplitOptions.RemoveEmptyEntries).Except(silentAbout))
        {
            _protocol.Handle(new PolygonStatus("success", $"{(message.Action == "subscribe" ? "subscribed" : "unsubscribed")} to: {name}"));
        }
    }

    /// <summary>Talks until nothing is left to say for minutes.</summary>
    private int Converse(Action<ControlMessage> answer)
    {
        for (var messages = 0; ; messages++)
        {
            var next = _protocol.TakeNext();
            while (next is null)
            {
                if (_protocol.UntilNext() is not { } wait || wait > TimeSpan.FromMinutes(1))
                {
                    return messages;
                }

                _time.Advance(wait);
                next = _protocol.TakeNext();
            }

            answer(next.Value);
        }
    }
}
