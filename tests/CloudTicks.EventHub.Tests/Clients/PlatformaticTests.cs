using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>A client that nobody here wrote: @platformatic/kafka, which asks for flexible versions of nearly every API.</summary>
public sealed class PlatformaticTests : IAsyncLifetime
{
    private EventHubProcess _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _hub.DisposeAsync();

    [Theory]
    [InlineData("none")]
    [InlineData("gzip")]
    [InlineData("snappy")]
    [InlineData("lz4")]
    public async Task Records_come_back_as_they_were_sent(string codec) => SeenRecord.ShouldBeAll(await RunAsync("records", codec), partitions: 3, each: 300);

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

    [Fact]
    public async Task Offsets_are_found_by_time()
    {
        var seen = await RunAsync("time");
        (seen.GetProperty("found").GetInt64(), seen.GetProperty("first").GetString()).ShouldBe((7, "7"));
    }

    [Fact]
    public async Task Two_consumers_share_the_partitions_and_hand_them_over() =>
        (await RunAsync("group")).GetProperty("shared").EnumerateArray().Select(p => p.GetInt32()).ShouldBe([0, 1, 2, 3]);

    [Fact]
    public async Task Admin_sees_topics_and_groups()
    {
        var seen = await RunAsync("admin");
        seen.GetProperty("state").GetString().ShouldBe("EMPTY");
        seen.GetProperty("partitions").GetInt32().ShouldBe(2);
        seen.GetProperty("brokers").GetInt32().ShouldBe(1);
        seen.GetProperty("topicsAfter").GetArrayLength().ShouldBe(0);
    }

    private Task<System.Text.Json.JsonElement> RunAsync(string scenario, params string[] arguments) =>
        NodeClients.RunAsync("platformatic.mjs", scenario, _hub.BootstrapServers, arguments);
}
