using CloudTicks.EventStream.Membership;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.EventStream.Tests.Membership;

public sealed class GroupMemberTests(EventHubFixture fixture) : IClassFixture<EventHubFixture>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Newcomer_gets_partitions_after_their_release()
    {
        var connection = await TopicAsync("shared", 4);
        var events = new List<string>();
        RunningMember? newcomer = null;
        await using var holder = RunningMember.Start(connection, "shared", "holder", follow: async held =>
        {
            if (newcomer is not null)
            {
                await newcomer.UntilAsync(MemberState.Joined);
            }

            Note($"holder keeps {held.Count}");
        });
        await holder.UntilAsync(0, 1, 2, 3);
        await using var second = newcomer = RunningMember.Start(connection, "shared", "newcomer", follow: held =>
        {
            Note($"newcomer has {held.Count}");
            return Task.CompletedTask;
        });

        await newcomer.UntilAsync(member => member.Held.Count == 2);
        await newcomer.UntilAsync(_ => events.Contains("newcomer has 2"));

        holder.Member.Held.Intersect(newcomer.Member.Held).ShouldBeEmpty();
        events.IndexOf("holder keeps 2").ShouldBeInRange(0, events.IndexOf("newcomer has 2"));

        void Note(string what)
        {
            lock (events)
            {
                events.Add(what);
            }
        }
    }

    [Fact]
    public async Task Waiting_member_replaces_a_dead_one()
    {
        var connection = await TopicAsync("single", 1);
        await using var holder = RunningMember.Start(connection, "single", "holder");
        await holder.UntilAsync(0);
        await using var standby = RunningMember.Start(connection, "single", "standby");
        await standby.UntilAsync(MemberState.Joined);
        standby.Member.Held.ShouldBeEmpty();

        await holder.DisposeAsync();

        await standby.UntilAsync(0);
    }

    [Fact]
    public async Task Member_that_restarts_in_time_keeps_its_partitions()
    {
        var connection = await TopicAsync("restarted", 2);
        await using var first = RunningMember.Start(connection, "restarted", "first");
        await first.UntilAsync(0, 1);
        await using var other = RunningMember.Start(connection, "restarted", "other");
        await other.UntilAsync(member => member.Held.Count == 1);
        await other.UntilReceivedAsync();
        var (kept, received) = (first.Member.Held.Single(), other.Received);

        await first.DisposeAsync();
        await using var restarted = RunningMember.Start(connection, "restarted", "first");
        await restarted.UntilAsync(kept);

        other.Received.ShouldBe(received);
    }

    [Fact]
    public async Task Added_partitions_are_assigned_to_the_member()
    {
        var connection = await TopicAsync("grown", 1);
        await using var member = RunningMember.Start(connection, "grown", "member");
        await member.UntilAsync(0);

        (await EnsureAsync(connection, "grown", 3)).ShouldBe(3);
        await member.UntilAsync(0, 1, 2);

        (await EnsureAsync(connection, "grown", 2)).ShouldBe(3);
    }

    [Fact]
    public async Task Member_keeps_its_partitions_during_a_long_outage()
    {
        await using var hub = await EventHubProcess.StartAsync(cancellationToken: Cancellation);
        var connection = EventStreamConnection.Parse(hub.BootstrapServers);
        await EnsureAsync(connection, "kept", 2);
        var clock = new TestTime(); // stopped, so that no member appears suspended
        await using var one = RunningMember.Start(connection, "kept", "one", clock);
        await one.UntilAsync(0, 1);
        await using var two = RunningMember.Start(connection, "kept", "two", clock);
        await two.UntilAsync(member => member.Held.Count == 1);
        await two.UntilReceivedAsync();
        await one.UntilAsync(member => member.Held.Count == 1);
        await one.UntilReceivedAsync();
        var received = (one.Received, two.Received);

        await hub.KillAsync();
        // The log line shows that the session of `two` has expired. `one` may still wait for a response: it then logs nothing, but keeps
        // its partitions.
        await two.Log.LineAsync("it keeps", Cancellation);
        await one.UntilAsync(MemberState.Unreachable);
        (one.Member.State, two.Member.State).ShouldBe((MemberState.Unreachable, MemberState.Unreachable));
        await hub.RestartAsync(Cancellation);
        await one.UntilAsync(MemberState.Joined);
        await two.UntilAsync(MemberState.Joined);
        await one.UntilAsync(member => member.Held.Concat(two.Member.Held).Order().SequenceEqual([0, 1]));

        one.Received.Concat(two.Received).ShouldNotContain(text => text.EndsWith(": ", StringComparison.Ordinal));
        (one.Received[received.Item1.Count - 1], two.Received[received.Item2.Count - 1]).ShouldBe((received.Item1[^1], received.Item2[^1]));
    }

    [Fact]
    public async Task Suspended_member_drops_its_partitions_before_it_rejoins()
    {
        var connection = await TopicAsync("still", 2);
        var clock = new TestTime();
        await using var member = RunningMember.Start(connection, "still", "member", clock);
        await member.UntilAsync(0, 1);
        await member.UntilReceivedAsync();

        clock.Advance(RunningMember.SessionTimeout - TimeSpan.FromSeconds(1));
        await member.UntilAsync(_ => member.Received.Count > 1);
        await member.UntilAsync(0, 1);
        await member.UntilAsync(_ => member.Received.Count > 2);

        member.Received.ShouldBe(["Joined: 0,1", "Joining: ", "Joined: 0,1"]);
        member.Log.Lines.ShouldContain(line => line.Contains("was suspended for 19", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Member_with_reused_name_drops_partitions_and_stays_out()
    {
        var connection = await TopicAsync("named", 2);
        await using var first = RunningMember.Start(connection, "named", "twin");
        await first.UntilAsync(0, 1);

        await using var second = RunningMember.Start(connection, "named", "twin");
        await second.UntilAsync(0, 1);
        await first.UntilAsync(MemberState.Replaced);

        first.Member.Held.ShouldBeEmpty();
        await first.UntilReceivedAsync();
        first.Log.Lines.ShouldContain(line => line.Contains("its own name", StringComparison.Ordinal));
    }

    private static Task<int> EnsureAsync(EventStreamConnection connection, string topic, int partitions) =>
        MembershipTopic.EnsureAsync(
            connection, topic, partitions, NullLogger.Instance, TimeSpan.FromSeconds(60), TimeProvider.System, Cancellation);

    private async Task<EventStreamConnection> TopicAsync(string topic, int partitions)
    {
        var connection = EventStreamConnection.Parse(fixture.BootstrapServers);
        (await EnsureAsync(connection, topic, partitions)).ShouldBe(partitions);
        return connection;
    }
}
