using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Groups;

/// <summary>Groups whose members subscribe to a topic before it is created.</summary>
public sealed class CreatedTopicTests : IAsyncLifetime
{
    private RunningHub _hub = null!;
    private WireClient _tool = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync();
        _tool = await WireClient.ConnectAsync(_hub.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _tool.Dispose();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Assignment_without_the_new_topic_causes_rebalance()
    {
        using var member = new WireMember(_hub.Address, "g") { Metadata = Subscription("ticks") };
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        (await member.SyncAsync(all => all.ToDictionary(id => id, _ => Assignment("ticks")))).ShouldBe(ErrorCode.None);
        (await member.HeartbeatAsync()).ShouldBe(ErrorCode.None);

        (await _tool.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);

        (await member.HeartbeatAsync()).ShouldBe(ErrorCode.RebalanceInProgress);
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        member.Generation.ShouldBe(2);
    }

    [Fact]
    public async Task Assignment_during_topic_creation_must_be_repeated()
    {
        using var member = new WireMember(_hub.Address, "g") { Metadata = Subscription("ticks") };
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);

        (await _tool.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);

        (await member.SyncAsync()).ShouldBe(ErrorCode.RebalanceInProgress);
    }

    [Theory]
    [InlineData("other", "other", 0)]
    [InlineData("ticks", "ticks", 0, 3)]
    public async Task Group_that_does_not_need_the_topic_stays_stable(string subscribed, string assigned, params int[] partitions)
    {
        using var member = new WireMember(_hub.Address, "g") { Metadata = Subscription(subscribed) };
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        (await member.SyncAsync(all => all.ToDictionary(id => id, _ => Assignment(assigned, partitions)))).ShouldBe(ErrorCode.None);

        (await _tool.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);

        (await member.HeartbeatAsync()).ShouldBe(ErrorCode.None);
    }

    private static byte[] Subscription(string topic)
    {
        using var writer = new WireWriter();
        writer.WriteInt16(0);
        writer.WriteInt32(1);
        writer.WriteString(topic);
        writer.WriteInt32(-1);
        return writer.Written.ToArray();
    }

    /// <summary>The bytes of an assignment. Without partitions, it is the assignment of a leader that did not find the topic.</summary>
    private static byte[] Assignment(string topic, params int[] partitions)
    {
        using var writer = new WireWriter();
        writer.WriteInt16(0);
        writer.WriteInt32(partitions.Length == 0 ? 0 : 1);
        if (partitions.Length > 0)
        {
            writer.WriteString(topic);
            writer.WriteInt32(partitions.Length);
            foreach (var partition in partitions)
            {
                writer.WriteInt32(partition);
            }
        }

        writer.WriteInt32(-1);
        return writer.Written.ToArray();
    }
}
