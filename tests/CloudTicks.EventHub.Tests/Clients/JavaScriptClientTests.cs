using System.Text.Json;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>Scenarios that every JavaScript client must pass.</summary>
/// <param name="program">The script with the client's scenarios, in the folder <c>node</c>.</param>
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
    public async Task Large_record_is_read_completely()
    {
        var result = await RunAsync("big", "7000000");
        result.GetProperty("length").GetInt32().ShouldBe(7_000_000);
        result.GetProperty("same").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Idempotent_producer_writes_each_record_once() =>
        (await RunAsync("idempotent")).EnumerateArray().Select(o => o.GetInt64()).ShouldBe(Enumerable.Range(0, 50).Select(i => (long)i));

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    public async Task Timestamp_lookup_finds_offsets(string codec)
    {
        var result = await RunAsync("time", codec);
        (result.GetProperty("found").GetInt64(), result.GetProperty("first").GetString()).ShouldBe((7, "7"));
    }

    [Fact]
    public async Task Two_consumers_share_and_hand_over_partitions() =>
        (await RunAsync("group")).GetProperty("shared").EnumerateArray().Select(p => p.GetInt32()).ShouldBe([0, 1, 2, 3]);

    [Fact]
    public async Task Topic_accepts_usual_settings_and_refuses_unsupported_one()
    {
        var result = await RunAsync(
            "settings", "usual", "message.timestamp.type=CreateTime", "min.insync.replicas=1", "unclean.leader.election.enable=false",
            "compression.type=producer", "segment.ms=60000", "segment.bytes=1048576");
        result.GetProperty("timestamp").GetInt64().ShouldBe(1000);
        (await RunAsync("settings", "odd", "min.insync.replicas=2")).GetProperty("refused").EnumerateArray().Select(e => e.GetString())
            .ShouldBe(["INVALID_CONFIG"]);
    }

    [Fact]
    public async Task Session_timeout_out_of_bounds_is_refused()
    {
        var result = await RunAsync("session", "1000");
        result.GetProperty("joined").GetBoolean().ShouldBeFalse();
        result.GetProperty("error").GetString().ShouldBe("INVALID_SESSION_TIMEOUT");
        (await RunAsync("session", "10000")).GetProperty("joined").GetBoolean().ShouldBeTrue();
    }

    [Fact]
    public async Task Transaction_is_refused_immediately() =>
        (await RunAsync("transaction")).GetProperty("error").GetString().ShouldBe(TransactionRefusal);

    [Fact]
    public async Task Transactional_batch_is_refused_permanently()
    {
        var result = await RunAsync("transactionalBatch");
        result.GetProperty("error").GetString().ShouldBe("INVALID_TXN_STATE");
        result.GetProperty("retriable").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Fetch_session_returns_only_changes()
    {
        const int unknownSession = 70;
        const int wrongEpoch = 71;
        var result = await RunAsync("fetchSession");
        result.GetProperty("began").GetBoolean().ShouldBeTrue();
        result.GetProperty("first").ToString().ShouldBe("""{"0":[],"1":[]}""");
        result.GetProperty("second").ToString().ShouldBe("""{"1":[0]}""");
        result.GetProperty("third").ToString().ShouldBe("{}");
        result.GetProperty("lost").GetInt32().ShouldBe(wrongEpoch);
        result.GetProperty("unknown").GetInt32().ShouldBe(unknownSession);
    }

    /// <summary>The client's error for error code 53.</summary>
    private protected abstract string TransactionRefusal { get; }

    private protected int Port => _hub.Port;

    private protected Task<JsonElement> RunAsync(string scenario, params string[] arguments) => RunAsync(_hub, scenario, arguments);

    private protected Task<JsonElement> RunAsync(EventHubProcess hub, string scenario, params string[] arguments) =>
        NodeClients.RunAsync(program, scenario, hub.BootstrapServers, arguments);
}
