using System.Text.Json;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>What every client in JavaScript must be able to do with the hub.</summary>
/// <param name="program">The client's scenarios, beside these tests.</param>
public abstract class JavaScriptClientTests(string program) : IAsyncLifetime
{
    private EventHubProcess _hub = null!;

    public async ValueTask InitializeAsync() =>
        _hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Big_record_comes_back_whole()
    {
        var seen = await RunAsync("big", "7000000");
        seen.GetProperty("length").GetInt32().ShouldBe(7_000_000);
        seen.GetProperty("same").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Idempotent_producer_writes_each_record_once() =>
        (await RunAsync("idempotent")).EnumerateArray().Select(o => o.GetInt64()).ShouldBe(Enumerable.Range(0, 50).Select(i => (long)i));

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    public async Task Offsets_are_found_by_time(string codec)
    {
        var seen = await RunAsync("time", codec);
        (seen.GetProperty("found").GetInt64(), seen.GetProperty("first").GetString()).ShouldBe((7, "7"));
    }

    [Fact]
    public async Task Two_consumers_share_the_partitions_and_hand_them_over() =>
        (await RunAsync("group")).GetProperty("shared").EnumerateArray().Select(p => p.GetInt32()).ShouldBe([0, 1, 2, 3]);

    [Fact]
    public async Task Topic_takes_the_settings_that_everybody_sends_and_not_one_that_cannot_be_met()
    {
        var seen = await RunAsync(
            "settings", "usual", "message.timestamp.type=CreateTime", "min.insync.replicas=1", "unclean.leader.election.enable=false",
            "compression.type=producer", "segment.ms=60000", "segment.bytes=1048576");
        seen.GetProperty("timestamp").GetInt64().ShouldBe(1000);
        (await RunAsync("settings", "odd", "min.insync.replicas=2")).GetProperty("refused").EnumerateArray().Select(e => e.GetString())
            .ShouldBe(["INVALID_CONFIG"]);
    }

    [Fact]
    public async Task Member_with_a_session_timeout_out_of_bounds_is_refused()
    {
        var seen = await RunAsync("session", "1000");
        seen.GetProperty("joined").GetBoolean().ShouldBeFalse();
        seen.GetProperty("error").GetString().ShouldBe("INVALID_SESSION_TIMEOUT");
        (await RunAsync("session", "10000")).GetProperty("joined").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Transaction_is_refused_at_once() =>
        (await RunAsync("transaction")).GetProperty("error").GetString().ShouldBe(TransactionRefusal);

    [Fact]
    public async Task Batch_of_a_transaction_is_refused_for_good()
    {
        var seen = await RunAsync("transactionalBatch");
        seen.GetProperty("error").GetString().ShouldBe("INVALID_TXN_STATE");
        seen.GetProperty("retriable").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Fetch_session_answers_only_what_changed()
    {
        const int unknownSession = 70;
        const int wrongEpoch = 71;
        var seen = await RunAsync("fetchSession");
        seen.GetProperty("began").GetBoolean().ShouldBeTrue();
        seen.GetProperty("first").ToString().ShouldBe("""{"0":[],"1":[]}""");
        seen.GetProperty("second").ToString().ShouldBe("""{"1":[0]}""");
        seen.GetProperty("third").ToString().ShouldBe("{}");
        seen.GetProperty("lost").GetInt32().ShouldBe(wrongEpoch);
        seen.GetProperty("unknown").GetInt32().ShouldBe(unknownSession);
    }

    /// <summary>What the client makes of error 53.</summary>
    private protected abstract string TransactionRefusal { get; }

    private protected int Port => _hub.Port;

    private protected Task<JsonElement> RunAsync(string scenario, params string[] arguments) => RunAsync(_hub, scenario, arguments);

    private protected Task<JsonElement> RunAsync(EventHubProcess hub, string scenario, params string[] arguments) =>
        NodeClients.RunAsync(program, scenario, hub.BootstrapServers, arguments);
}
