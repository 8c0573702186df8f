using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>A client that nobody here wrote: kafkajs.</summary>
public sealed class KafkaJsTests : IAsyncLifetime
{
    private EventHubProcess _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _hub.DisposeAsync();

    [Theory]
    [InlineData("None")]
    [InlineData("GZIP")]
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
    public async Task Admin_sees_topics_groups_and_settings()
    {
        var seen = await RunAsync("admin");
        seen.GetProperty("groups").EnumerateArray().Select(g => g.GetString()).ShouldBe(["read-administered"]);
        seen.GetProperty("state").GetString().ShouldBe("Empty");
        seen.GetProperty("retention").GetString().ShouldBe("-1");
        seen.GetProperty("committed").GetProperty("0").GetInt64().ShouldBe(1);
        seen.GetProperty("committed").GetProperty("1").GetInt64().ShouldBe(1);
        seen.GetProperty("ends").GetProperty("0").GetInt64().ShouldBe(2);
        seen.GetProperty("partitions").GetInt32().ShouldBe(2);
        seen.GetProperty("brokers").GetInt32().ShouldBe(1);
        seen.GetProperty("topicsAfter").GetArrayLength().ShouldBe(0);
        seen.GetProperty("groupsAfter").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task Password_opens_the_hub_and_a_wrong_one_does_not()
    {
        using var users = new TestUsers();
        await using var secured = await EventHubProcess.StartAsync(arguments: users.Options, cancellationToken: TestContext.Current.CancellationToken);
        foreach (var (name, password) in new[] { (TestUsers.Name, TestUsers.Password), ("$ConnectionString", TestUsers.ConnectionString) })
        {
            var seen = await NodeClients.RunAsync("kafkajs.mjs", "sasl", secured.BootstrapServers, name, password);
            seen.GetProperty("loggedIn").GetBoolean().ShouldBeTrue();
        }

        (await NodeClients.RunAsync("kafkajs.mjs", "sasl", secured.BootstrapServers, TestUsers.Name, "wrong")).GetProperty("loggedIn").GetBoolean().ShouldBeFalse();
    }

    private Task<System.Text.Json.JsonElement> RunAsync(string scenario, params string[] arguments) =>
        NodeClients.RunAsync("kafkajs.mjs", scenario, _hub.BootstrapServers, arguments);
}
