using System.Text.Json;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>A client that nobody here wrote: kafka-ts, which has every version of every API, so that one can be asked for.</summary>
public sealed class KafkaTsTests : IAsyncLifetime
{
    private EventHubProcess _hub = null!;

    public async ValueTask InitializeAsync() =>
        _hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _hub.DisposeAsync();

    /// <summary>By fetch sessions, as its consumers read.</summary>
    [Fact]
    public async Task Records_come_back_as_they_were_sent() => SeenRecord.ShouldBeAll(await RunAsync("records"), partitions: 3, each: 300);

    [Fact]
    public async Task Log_dirs_tell_what_each_partition_takes_in_every_version()
    {
        var seen = (await RunAsync("logDirs")).EnumerateArray().ToList();
        seen.Select(s => s.GetProperty("version").GetInt32()).ShouldBe([1, 2, 3, 4]);
        seen.ShouldAllBe(s => s.GetProperty("bytes").GetProperty("0").GetInt64() > 60);
        seen.ShouldAllBe(s => s.GetProperty("bytes").GetProperty("1").GetInt64() == 0);
        seen.ShouldAllBe(s => s.GetProperty("room").GetBoolean());
    }

    [Fact]
    public async Task Password_opens_the_hub_by_every_version_and_a_wrong_one_by_none()
    {
        using var users = new TestUsers();
        await using var secured = await EventHubProcess.StartAsync(
            arguments: users.Options, cancellationToken: TestContext.Current.CancellationToken);
        (await RunAsync(secured, TestUsers.Password)).ToString().ShouldBe("""{"loggedIn":[0,1,2],"refused":[]}""");
        var wrong = await RunAsync(secured, "wrong");
        wrong.GetProperty("loggedIn").GetArrayLength().ShouldBe(0);
        wrong.GetProperty("refused").EnumerateArray().Select(r => r.GetString())
            .ShouldBe(Enumerable.Repeat("The name or the password is wrong.", 3));

        static Task<JsonElement> RunAsync(EventHubProcess hub, string password) =>
            NodeClients.RunAsync("kafka-ts.mjs", "sasl", hub.BootstrapServers, TestUsers.Name, password);
    }

    [Fact]
    public async Task Admin_changes_a_setting_and_sees_the_cluster_and_a_group_without_members()
    {
        const int create = 1 << 5;
        var seen = await RunAsync("tools");
        seen.GetProperty("retention").ToString().ShouldBe("""["60000"]""");
        seen.GetProperty("ports").ToString().ShouldBe($"[{_hub.Port}]");
        (seen.GetProperty("operations").GetInt32() & create).ShouldBe(create);
        seen.GetProperty("group").ToString().ShouldBe("""{"empty":["stored"],"committed":5,"deleted":-1}""");
    }

    private Task<JsonElement> RunAsync(string scenario) => NodeClients.RunAsync("kafka-ts.mjs", scenario, _hub.BootstrapServers);
}
