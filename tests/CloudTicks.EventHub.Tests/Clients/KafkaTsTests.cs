using System.Text.Json;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Clients;

/// <summary>kafka-ts, which implements every version of every API, so that tests can select one.</summary>
public sealed class KafkaTsTests : IAsyncLifetime
{
    private EventHubProcess _hub = null!;

    public async ValueTask InitializeAsync() =>
        _hub = await EventHubProcess.StartAsync(cancellationToken: TestContext.Current.CancellationToken);

    public async ValueTask DisposeAsync() => await _hub.DisposeAsync();

    /// <summary>The consumers of this client use fetch sessions.</summary>
    [Fact]
    public async Task Records_are_read_as_sent() => SeenRecord.ShouldBeAll(await RunAsync("records"), partitions: 3, each: 300);

    [Fact]
    public async Task Every_log_dirs_version_reports_partition_bytes()
    {
        var seen = (await RunAsync("logDirs")).EnumerateArray().ToList();
        seen.Select(s => s.GetProperty("version").GetInt32()).ShouldBe([1, 2, 3, 4]);
        seen.ShouldAllBe(s => s.GetProperty("bytes").GetProperty("0").GetInt64() > 60);
        seen.ShouldAllBe(s => s.GetProperty("bytes").GetProperty("1").GetInt64() == 0);
        seen.ShouldAllBe(s => s.GetProperty("room").GetBoolean());
    }

    [Fact]
    public async Task Every_version_accepts_only_correct_password()
    {
        using var users = new TestUsers();
        await using var secured = await EventHubProcess.StartAsync(
            arguments: users.Options, cancellationToken: TestContext.Current.CancellationToken);
        (await RunAsync(secured, TestUsers.Password)).ToString().ShouldBe("""{"loggedIn":[0,1,2],"refused":[]}""");
        var wrongLogin = await RunAsync(secured, "wrong");
        wrongLogin.GetProperty("loggedIn").GetArrayLength().ShouldBe(0);
        wrongLogin.GetProperty("refused").EnumerateArray().Select(r => r.GetString())
            .ShouldBe(Enumerable.Repeat("The user name or the password is wrong.", 3));

        static Task<JsonElement> RunAsync(EventHubProcess hub, string password) =>
            NodeClients.RunAsync("kafka-ts.mjs", "sasl", hub.BootstrapServers, TestUsers.Name, password);
    }

    [Fact]
    public async Task Admin_changes_setting_and_describes_cluster_and_empty_group()
    {
        const int createOperation = 1 << 5;
        var seen = await RunAsync("tools");
        seen.GetProperty("retention").ToString().ShouldBe("""["60000"]""");
        seen.GetProperty("ports").ToString().ShouldBe($"[{_hub.Port}]");
        (seen.GetProperty("operations").GetInt32() & createOperation).ShouldBe(createOperation);
        seen.GetProperty("group").ToString().ShouldBe("""{"empty":["stored"],"committed":5,"deleted":-1}""");
    }

    private Task<JsonElement> RunAsync(string scenario) => NodeClients.RunAsync("kafka-ts.mjs", scenario, _hub.BootstrapServers);
}
