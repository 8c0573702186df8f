using CloudTicks.EventStream;
using CloudTicks.LocalServices.Processes;
using CloudTicks.Messaging.Nats;
using CloudTicks.TestServices;
using CloudTicks.Verification.Checks;
using CloudTicks.Verification.Findings;
using CloudTicks.Verification.SystemParts;

namespace CloudTicks.Verification.Tests.Checks;

/// <summary>The nodes of a real cluster, checked through their monitors.</summary>
public class NatsNodesTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Killed_node_is_named_with_nodes_that_lack_a_route_to_it()
    {
        await using var cluster = await NatsFixture.StartClusterAsync(nodes: 3, Cancellation);
        Uri[] monitors = [.. cluster.Servers.Select(server => server.MonitorUrl)];
        var nodes = new NatsNodes(System(cluster.Url, monitors));
        (await nodes.CheckAsync(Cancellation)).ShouldBeNull();
        nodes.Count.ShouldBe(3);

        cluster.Servers[2].Kill();
        await cluster.Servers[2].Exited;
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(20));
        Finding? finding;
        // Each of the two other nodes notices the lost route itself.
        while ((finding = await nodes.CheckAsync(Cancellation))?.Sentence.Split("routes to 1 of 2 others").Length != 3)
        {
            await poll.WaitForNextTickAsync(Cancellation);
        }

        finding.State.ShouldBe(CheckState.Fail);
        finding.Sentence.ShouldContain($"The node with the monitor {monitors[2].Authority} does not answer.");
        finding.Cure!.ShouldContain("cluster ports");
        finding.Facts!["nodes"]!.AsArray().Count.ShouldBe(2);
        // One monitor is enough to see that a node has no route to another.
        (await new NatsNodes(System(cluster.Url, monitors[0])).CheckAsync(Cancellation))!.Sentence.ShouldContain("routes to 1 of 2 others");
    }

    [Fact]
    public async Task Servers_without_a_cluster_are_reported()
    {
        await using var one = await NatsFixture.StartClusterAsync(nodes: 1, Cancellation);
        await using var other = await NatsFixture.StartClusterAsync(nodes: 1, Cancellation);

        (await new NatsNodes(System(one.Url, one.Servers[0].MonitorUrl)).CheckAsync(Cancellation)).ShouldBeNull();
        (await new NatsNodes(System($"{one.Url},{other.Url}", one.Servers[0].MonitorUrl, other.Servers[0].MonitorUrl))
            .CheckAsync(Cancellation))!.Sentence.ShouldContain("routes to 0 of 1 others");
    }

    [Fact]
    public async Task Guessed_monitor_of_another_server_is_ignored()
    {
        await using var other = await NatsFixture.StartClusterAsync(nodes: 1, Cancellation);
        var unreachableMonitor = new Uri($"http://127.0.0.1:{FreePort.Choose()}/");
        var system = System("nats://127.0.0.1:1,nats://127.0.0.1:2", unreachableMonitor, other.Servers[0].MonitorUrl);

        (await new NatsNodes(system with { AreNatsMonitorsKnown = false }).CheckAsync(Cancellation)).ShouldBeNull();
    }

    private static OperatedSystem System(string nats, params Uri[] monitors) => new()
    {
        Collectors = [],
        Hub = new ServiceQueryClient("hub", new Uri("http://127.0.0.1:1/"), null, TimeSpan.FromSeconds(1), TimeProvider.System),
        Stream = EventStreamConnection.Parse("127.0.0.1:1"),
        Nats = NatsConnectionSettings.Parse(nats),
        NatsMonitors = monitors,
        AreNatsMonitorsKnown = true,
        Time = TimeProvider.System,
    };
}
