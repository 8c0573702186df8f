using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Apis;

/// <summary>What clients are told by a hub that takes no writes.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const sbyte Broker = 4;

    private readonly FaultyDisk _disk = new();
    private RunningHub _hub = null!;
    private WireClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync(disk: _disk);
        _client = await WireClient.ConnectAsync(_hub.Address);
        (await _client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        _disk.Full = true;
        (await _client.ProduceAsync("ticks", 0, Batches.Of("a"))).Error.ShouldBe(ErrorCode.StorageError);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Commit_is_refused_by_a_code_that_does_not_cost_the_coordinator()
    {
        using var member = new WireMember(_hub.Address, "readers");
        (await member.JoinAsync()).ShouldBe(ErrorCode.None);
        await member.SyncAsync();

        (await member.CommitAsync("ticks", 0, 1)).ShouldBe(ErrorCode.CoordinatorLoadInProgress);
        (await member.HeartbeatAsync()).ShouldBe(ErrorCode.None);

        _disk.Full = false;
        while (await member.CommitAsync("ticks", 0, 1) is var error && error != ErrorCode.None)
        {
            error.ShouldBe(ErrorCode.CoordinatorLoadInProgress);
        }

        (await _client.FetchOffsetAsync("readers", "ticks", 0)).ShouldBe(1);
    }

    [Fact]
    public async Task Refused_batch_says_why_from_version_8_on()
    {
        var answer = await _client.CallAsync(ApiKey.Produce, 8, WireCalls.Produce("ticks", 0, Batches.Of("a")));

        ReadReason(answer).ShouldBe("The event hub takes no writes: the disk is full.");
    }

    [Fact]
    public async Task Broker_tells_why_it_takes_no_writes_until_it_does_again()
    {
        (await WriteProblemAsync()).ShouldBe("the disk is full");

        _disk.Full = false;
        while ((await _client.ProduceAsync("ticks", 0, Batches.Of("a"))).Error != ErrorCode.None)
        {
            // Tried again, as a producer does.
        }

        (await WriteProblemAsync()).ShouldBeNull();
    }

    private async Task<string?> WriteProblemAsync()
    {
        var answer = await _client.CallAsync(ApiKey.DescribeConfigs, 1, w =>
        {
            w.WriteInt32(1);
            w.WriteInt8(Broker);
            w.WriteString("1");
            w.WriteInt32(1);
            w.WriteString("cloudticks.write.problem");
            w.WriteBoolean(false);
        });
        return ReadOnlySetting(answer);
    }

    private static string? ReadOnlySetting(ReadOnlySpan<byte> answer)
    {
        var reader = new WireReader(answer);
        reader.ReadInt32();
        reader.ReadInt32();
        reader.ReadInt16().ShouldBe((short)ErrorCode.None);
        reader.ReadNullableString();
        reader.ReadInt8();
        reader.ReadString();
        reader.ReadInt32().ShouldBe(1);
        reader.ReadString();
        return reader.ReadNullableString();
    }

    private static string? ReadReason(ReadOnlySpan<byte> answer)
    {
        var reader = new WireReader(answer);
        reader.ReadInt32();
        reader.ReadString();
        reader.ReadInt32();
        reader.ReadInt32();
        reader.ReadInt16().ShouldBe((short)ErrorCode.StorageError);
        reader.ReadInt64();
        reader.ReadInt64();
        reader.ReadInt64();
        reader.ReadInt32().ShouldBe(0, "no errors of single records");
        return reader.ReadNullableString();
    }
}
