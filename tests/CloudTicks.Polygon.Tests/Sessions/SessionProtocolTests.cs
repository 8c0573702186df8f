using System.Diagnostics.Metrics;
using System.Text;
using CloudTicks.Polygon.Frames;
using CloudTicks.Polygon.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>Tests the greeting, the key and the statuses of the protocol, but not its channels.</summary>
public sealed class SessionProtocolTests : IDisposable
{
    private const string Key = "canary-key-1234";

    private static readonly SessionTimings Timings = new();

    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly TestTime _time = new();
    private readonly CapturedLog _log = new();
    private readonly SessionProtocol _protocol;

    public SessionProtocolTests()
    {
        var metrics = new PolygonMetrics(_services.GetRequiredService<IMeterFactory>());
        var book = new SubscriptionBook("stocks", Market.Stock, Timings, metrics, _time, new Lock(), _log);
        var key = new PolygonApiKey(new ConfigurationBuilder().AddInMemoryCollection([new(PolygonApiKey.Setting, Key)]).Build());
        _protocol = new SessionProtocol(Market.Stock, "stocks", book, key, Timings, _time, _log);
    }

    public void Dispose() => _services.Dispose();

    [Fact]
    public void TakeNext_without_greeting_returns_key_once_after_timeout()
    {
        // Connecting takes 5 s, which must not count toward the greeting timeout.
        _time.Advance(TimeSpan.FromSeconds(5));
        _protocol.Open();
        _protocol.TakeNext().ShouldBeNull();
        _protocol.UntilNext().ShouldBe(Timings.Greeting);

        _time.Advance(Timings.Greeting);

        _protocol.UntilNext().ShouldBe(TimeSpan.Zero);
        _protocol.TakeNext().ShouldBe(ControlMessage.Auth(Key));
        _protocol.Handle(new PolygonStatus("connected", "Connected Successfully"));
        _protocol.TakeNext().ShouldBeNull();
        _protocol.UntilNext().ShouldBeNull();
    }

    [Fact]
    public void TakeNext_after_greeting_returns_key_immediately()
    {
        _protocol.Open();
        _protocol.Handle(new PolygonStatus("connected", "Connected Successfully"));

        _protocol.TakeNext().ShouldBe(ControlMessage.Auth(Key));
    }

    [Fact]
    public void Greeting_timeout_is_below_half_the_handshake_timeout() => Timings.Greeting.ShouldBeLessThan(Timings.Handshake / 2);

    [Theory]
    [InlineData("""{"ev":"status"}""", "Warning: Polygon sent an unknown status on stocks")]
    [InlineData("""{"ev":"status","status":"surprise","note":"canary-key-1234"}""", "Warning: Polygon sent an unknown status on stocks")]
    [InlineData("""{"ev":"status","status":"error","code":17}""", "Error: Polygon reports an error on stocks: no reason given")]
    public void Handle_status_without_message_is_logged_raw_once(string element, string line)
    {
        var reader = new FrameReader(Market.Stock, new SymbolDictionary());
        Tick tick = default;
        for (var times = 0; times < 3; times++)
        {
            reader.Open(Encoding.UTF8.GetBytes(element), 0);
            reader.Read(ref tick).ShouldBe(ElementKind.Status);
            _protocol.Handle(reader.Status, reader.Element);
        }

        var logged = _log.Lines.ShouldHaveSingleItem();
        logged.ShouldStartWith(line);
        logged.ShouldContain(element.Replace(Key, "***", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("auth_failed")]
    [InlineData("auth_timeout")]
    [InlineData("max_connections")]
    public void Handle_end_status_without_message_reports_raw_status(string status)
    {
        var element = $$"""{"ev":"status","status":"{{status}}"}""";

        _protocol.Handle(new PolygonStatus(status, ""), Encoding.UTF8.GetBytes(element));

        _protocol.End!.Message.ShouldBe($"no reason given, only {element}");
    }
}
