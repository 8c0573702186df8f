namespace CloudTicks.Collection.Tests.Replicas;

public class ReplicaTests
{
    private const int Pairs = 14;

    [Fact]
    public async Task Replicas_share_symbols_and_take_over_from_killed_one()
    {
        await using var system = await ReplicaSystem.StartAsync(connections: 4);
        var one = await system.AddAsync("one");
        (await ReplicaSystem.UntilHoldsAsync(one, 4)).Symbols.ShouldBe(Pairs);
        var other = await system.AddAsync("other");
        var (connections, symbols) = await ReplicaSystem.UntilSharedAsync(one, other, 2);
        connections.Order().ShouldBe([0, 1, 2, 3]);
        symbols.ShouldBe(Pairs);

        await one.KillAsync();

        (await ReplicaSystem.UntilHoldsAsync(other, 4)).Symbols.ShouldBe(Pairs);
        await other.UntilHealthyAsync();
        await system.UntilArchivedAsync(other);
        (await system.ArchivedAsync()).ShouldBe(await system.GeneratedAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Single_connection_moves_to_standby_when_holder_dies()
    {
        await using var system = await ReplicaSystem.StartAsync(connections: 1);
        await system.Simulator.PostAsync("api/v1/faults", new { fault = "connection-limit", limit = 1 });
        var holder = await system.AddAsync("holder");
        (await ReplicaSystem.UntilHoldsAsync(holder, 1)).Symbols.ShouldBe(Pairs);
        var standby = await system.AddAsync("standby");
        await standby.UntilAsync("api/v1/status", status =>
            status.GetProperty("replica").ValueKind == System.Text.Json.JsonValueKind.Object
                && status.GetProperty("replica").GetProperty("state").GetString() == "joined");
        await standby.UntilHealthyAsync();
        (await system.Simulator.GetAsync("api/v1/connections")).GetArrayLength().ShouldBe(1);
        (await standby.GetAsync("api/v1/status")).GetProperty("received").GetInt64().ShouldBe(0);

        await holder.KillAsync();

        (await ReplicaSystem.UntilHoldsAsync(standby, 1)).Symbols.ShouldBe(Pairs);
        await standby.UntilAsync("api/v1/status", status => status.GetProperty("received").GetInt64() > 0);
        await system.UntilArchivedAsync(standby);
        (await system.ArchivedAsync()).ShouldBe(await system.GeneratedAsync(), ignoreOrder: true);
        system.Simulator.Lines.Concat(standby.Lines).Concat(holder.Lines)
            .ShouldNotContain(line => line.Contains("max_connections", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Suspended_replica_drops_connections_before_rejoining()
    {
        await using var system = await ReplicaSystem.StartAsync(connections: 2);
        var sleeper = await system.AddAsync("sleeper");
        await ReplicaSystem.UntilHoldsAsync(sleeper, 2);
        var other = await system.AddAsync("other");
        await ReplicaSystem.UntilHoldsAsync(sleeper, 1);
        await ReplicaSystem.UntilHoldsAsync(other, 1);
        await LinesAsync(sleeper, 0, "now holds 1 connection");
        var before = sleeper.Lines.Count;

        await sleeper.SuspendAsync();
        await ReplicaSystem.UntilHoldsAsync(other, 2);
        await sleeper.ResumeAsync();
        await sleeper.LineAsync("was suspended for");
        await ReplicaSystem.UntilHoldsAsync(sleeper, 1);

        var lines = await LinesAsync(sleeper, before, "now holds 1 connection");
        lines[0].ShouldContain("now holds 0 connections");
        await ReplicaSystem.UntilHoldsAsync(other, 1);
        await system.UntilArchivedAsync(sleeper, other);
        (await system.ArchivedAsync()).ShouldBe(await system.GeneratedAsync(), ignoreOrder: true);
    }

    [Fact]
    public async Task Replicas_keep_connections_in_long_hub_outage()
    {
        await using var system = await ReplicaSystem.StartAsync(connections: 2);
        var one = await system.AddAsync("one");
        await ReplicaSystem.UntilHoldsAsync(one, 2);
        var other = await system.AddAsync("other");
        var (ones, _) = await ReplicaSystem.UntilHoldsAsync(one, 1);
        var (others, _) = await ReplicaSystem.UntilHoldsAsync(other, 1);

        await system.Hub.KillAsync();
        // Only the second replica is certain to log this line: the first may have been waiting for a response when its session ended.
        await other.LineAsync("it keeps");
        await one.UntilAsync("api/v1/status", status => status.GetProperty("replica").GetProperty("state").GetString() == "away");
        (await ReplicaSystem.UntilHoldsAsync(one, 1)).Connections.ShouldBe(ones);
        (await ReplicaSystem.UntilHoldsAsync(other, 1)).Connections.ShouldBe(others);
        await system.Hub.RestartAsync(TestContext.Current.CancellationToken);
        await one.UntilAsync("api/v1/status", status => status.GetProperty("replica").GetProperty("state").GetString() == "joined");
        await other.UntilAsync("api/v1/status", status => status.GetProperty("replica").GetProperty("state").GetString() == "joined");

        await system.UntilArchivedAsync(one, other);
        (await system.ArchivedAsync()).ShouldBe(await system.GeneratedAsync(), ignoreOrder: true);
    }

    /// <summary>
    /// Reads the lines that a replica logged about its connections. Waits until the last of them contains <paramref name="last"/>, because
    /// lines are logged after the status changes.
    /// </summary>
    private static async Task<string[]> LinesAsync(ServiceProcess replica, int since, string last)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var lines = replica.Lines.Skip(since).Where(line => line.Contains("now holds", StringComparison.Ordinal)
                && line.Contains("connection", StringComparison.Ordinal))
                .ToArray();
            if (lines.Length > 0 && lines[^1].Contains(last, StringComparison.Ordinal))
            {
                return lines;
            }

            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }
}
