using System.Text.Json;
using CloudTicks.LocalServices.Nats;
using CloudTicks.TestServices;

namespace CloudTicks.LocalServices.Tests.Nats;

public sealed class NatsClusterTests
{
    [Fact]
    public async Task Killed_node_rejoins_its_cluster_on_its_port()
    {
        await using var cluster = await NatsFixture.StartClusterAsync(nodes: 3, TestContext.Current.CancellationToken);

        cluster.Url.Split(',').Distinct().Count().ShouldBe(3);
        foreach (var server in cluster.Servers)
        {
            (await RoutesOfAsync(server))
                .ShouldBe(cluster.Servers.Where(other => other != server).Select(other => other.Name), ignoreOrder: true);
        }

        var port = cluster.Servers[1].Port;
        cluster.Servers[1].Kill();
        (await cluster.AnyExitedAsync()).ShouldBe(128 + 9);
        var restarted = await cluster.RestartAsync(1, TestContext.Current.CancellationToken);

        restarted.Port.ShouldBe(port);
        (await RoutesOfAsync(restarted)).ShouldBe(["nats-1", "nats-3"], ignoreOrder: true);
    }

    [Fact]
    public async Task Single_node_has_high_limits_for_slow_subscribers()
    {
        await using var cluster = await NatsFixture.StartClusterAsync(nodes: 1, TestContext.Current.CancellationToken);

        using var variables = await ReadAsync(cluster.Servers[0], "varz");

        variables.RootElement.GetProperty("max_pending").GetInt64().ShouldBe(512L << 20);
        variables.RootElement.GetProperty("write_deadline").GetInt64().ShouldBe(60_000_000_000);
        variables.RootElement.GetProperty("host").GetString().ShouldBe("127.0.0.1");
    }

    [Fact]
    public async Task Two_nodes_are_rejected()
    {
        var exception = await Should.ThrowAsync<ArgumentException>(
            () => NatsFixture.StartClusterAsync(nodes: 2, TestContext.Current.CancellationToken));

        exception.Message.ShouldContain("1 or 3 nodes");
    }

    [Fact]
    public async Task Port_in_use_is_named()
    {
        await using var cluster = await NatsFixture.StartClusterAsync(nodes: 1, TestContext.Current.CancellationToken);
        var port = cluster.Servers[0].Port;

        var exception = await Should.ThrowAsync<InvalidOperationException>(async () => await NatsCluster.StartAsync(
            await TestInstallation.GetAsync(), new NatsServerOptions { Port = port }, TestContext.Current.CancellationToken));

        exception.Message.ShouldContain($"port {port}");
    }

    private static async Task<IEnumerable<string?>> RoutesOfAsync(NatsServer server)
    {
        using var response = await ReadAsync(server, "routez");
        return [.. response.RootElement.GetProperty("routes").EnumerateArray().Select(route => route.GetProperty("remote_name").GetString())
            .Distinct()];
    }

    private static async Task<JsonDocument> ReadAsync(NatsServer server, string page)
    {
        using var http = new HttpClient();
        return JsonDocument.Parse(await http.GetStringAsync(new Uri(server.MonitorUrl, page), TestContext.Current.CancellationToken));
    }
}
