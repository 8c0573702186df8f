using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Groups;

/// <summary>Commits in old versions of the protocol, deletions of offsets, and a commit that cannot be stored.</summary>
public sealed class GroupOffsetsTests : IAsyncLifetime
{
    private RunningHub _hub = null!;
    private WireClient _tool = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync();
        _tool = await WireClient.ConnectAsync(_hub.Address);
        (await _tool.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
    }

    public async ValueTask DisposeAsync()
    {
        _tool.Dispose();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Commits_of_first_versions_are_stored(short version)
    {
        (await CommitAsync(version, -1, "", 7)).ShouldBe(ErrorCode.None);
        (await _tool.FetchOffsetAsync("g", "ticks", 0)).ShouldBe(7);
        using var member = new WireMember(_hub.Address, "g");
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        (await member.SyncAsync(all => all.ToDictionary(id => id, _ => new byte[] { 7 }))).ShouldBe(ErrorCode.None);
        (await CommitAsync(version, member.Generation, member.Id, 8)).ShouldBe(version == 0 ? ErrorCode.UnknownMemberId : ErrorCode.None);
        (await _tool.FetchOffsetAsync("g", "ticks", 0)).ShouldBe(version == 0 ? 7 : 8);
    }

    [Fact]
    public async Task Offsets_of_unsubscribed_topics_are_deleted()
    {
        (await _tool.DeleteOffsetAsync("g", "ticks", 0)).ShouldBe((ErrorCode.GroupIdNotFound, null));
        (await _tool.CreateTopicAsync("bars")).ShouldBe(ErrorCode.None);
        using var member = new WireMember(_hub.Address, "g") { Metadata = [0, 0, 0, 0, 0, 1, 0, 5, .. "ticks"u8] };
        (await member.CommitAsync("bars", 0, 4)).ShouldBe(ErrorCode.None);
        (await member.CommitAsync("ticks", 0, 5)).ShouldBe(ErrorCode.None);
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        (await _tool.DeleteOffsetAsync("g", "ticks", 0)).ShouldBe((ErrorCode.None, ErrorCode.GroupSubscribedToTopic));
        (await _tool.DeleteOffsetAsync("g", "bars", 0)).ShouldBe((ErrorCode.None, ErrorCode.None));
        (await _tool.DeleteOffsetAsync("g", "bars", 1)).ShouldBe((ErrorCode.None, ErrorCode.UnknownTopicOrPartition));
        (await _tool.FetchOffsetAsync("g", "bars", 0)).ShouldBe(-1);
        (await _tool.FetchOffsetAsync("g", "ticks", 0)).ShouldBe(5);
        (await member.LeaveAsync()).ShouldBe(ErrorCode.None);
        (await _tool.DeleteOffsetAsync("g", "ticks", 0)).ShouldBe((ErrorCode.None, ErrorCode.None));
        (await _tool.FetchOffsetAsync("g", "ticks", 0)).ShouldBe(-1);
    }

    [Fact]
    public async Task Offset_deletion_is_refused_for_unreadable_subscription()
    {
        using var member = new WireMember(_hub.Address, "g") { Metadata = [9] };
        (await member.CommitAsync("ticks", 0, 5)).ShouldBe(ErrorCode.None);
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        (await _tool.DeleteOffsetAsync("g", "ticks", 0)).ShouldBe((ErrorCode.NonEmptyGroup, null));
    }

    [Fact]
    public async Task Commit_with_too_long_group_name_closes_connection()
    {
        using var stranger = await WireClient.ConnectAsync(_hub.Address);
        await stranger.SendAsync(ApiKey.OffsetCommit, 8, static w =>
        {
            // Flexible: the tagged fields of the header, then compact strings, which may claim any length.
            w.WriteInt8(0);
            const int Length = 40_000;
            for (var rest = Length + 1; ; rest >>= 7)
            {
                w.WriteInt8((sbyte)(rest < 0x80 ? rest : (rest & 0x7f) | 0x80));
                if (rest < 0x80)
                {
                    break;
                }
            }

            for (var i = 0; i < Length; i++)
            {
                w.WriteInt8((sbyte)'g');
            }

            w.WriteInt32(-1);
            w.WriteInt8(1); // member: empty
            w.WriteInt8(0); // instance: null
            w.WriteInt8(2); // one topic
            w.WriteInt8(6);
            foreach (var letter in "ticks")
            {
                w.WriteInt8((sbyte)letter);
            }

            w.WriteInt8(2); // one partition
            w.WriteInt32(0);
            w.WriteInt64(1);
            w.WriteInt32(-1);
            w.WriteInt8(1); // metadata: empty
            w.WriteInt8(0);
            w.WriteInt8(0);
            w.WriteInt8(0);
        });
        (await stranger.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(90), TestContext.Current.CancellationToken)).ShouldBeNull();
        (await _tool.ProduceAsync("ticks", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
    }

    private async Task<ErrorCode> CommitAsync(short version, int generation, string member, long offset)
    {
        var reader = new WireReader(await _tool.CallAsync(ApiKey.OffsetCommit, version, w =>
        {
            w.WriteString("g");
            if (version >= 1)
            {
                w.WriteInt32(generation);
                w.WriteString(member);
            }

            w.WriteInt32(1);
            w.WriteString("ticks");
            w.WriteInt32(1);
            w.WriteInt32(0);
            w.WriteInt64(offset);
            if (version >= 1)
            {
                w.WriteInt64(-1); // timestamp
            }

            w.WriteString("");
        }));
        reader.ReadInt32().ShouldBe(1);
        reader.ReadString().ShouldBe("ticks");
        reader.ReadInt32().ShouldBe(1);
        reader.ReadInt32().ShouldBe(0);
        var error = (ErrorCode)reader.ReadInt16();
        reader.Remaining.ShouldBe(0);
        return error;
    }
}
