using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Apis;

/// <summary>The errors that clients receive while the event hub accepts no writes.</summary>
public sealed class FullDiskTests : IAsyncLifetime
{
    private const sbyte BrokerResourceType = 4;

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
    public async Task Commit_on_full_disk_fails_without_losing_coordinator()
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
    public async Task Refused_batch_has_reason_from_version_8()
    {
        var response = await _client.CallAsync(ApiKey.Produce, 8, WireCalls.Produce("ticks", 0, Batches.Of("a")));

        ReadReason(response).ShouldBe("The event hub accepts no writes: the disk is full.");
    }

    [Fact]
    public async Task Write_problem_is_described_until_resolved()
    {
        (await GetWriteProblemAsync()).ShouldBe("the disk is full");

        _disk.Full = false;
        while ((await _client.ProduceAsync("ticks", 0, Batches.Of("a"))).Error != ErrorCode.None)
        {
            // Retry like a producer.
        }

        (await GetWriteProblemAsync()).ShouldBeNull();
    }

    private async Task<string?> GetWriteProblemAsync()
    {
        var response = await _client.CallAsync(ApiKey.DescribeConfigs, 1, w =>
        {
            w.WriteInt32(1);
            w.WriteInt8(BrokerResourceType);
            w.WriteString("1");
            w.WriteInt32(1);
            w.WriteString("cloudticks.write.problem");
            w.WriteBoolean(false);
        });
        return ReadOnlySetting(response);
    }

    private static string? ReadOnlySetting(ReadOnlySpan<byte> response)
    {
        var reader = new WireReader(response);
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

    private static string? ReadReason(ReadOnlySpan<byte> response)
    {
        var reader = new WireReader(response);
        reader.ReadInt32();
        reader.ReadString();
        reader.ReadInt32();
        reader.ReadInt32();
        reader.ReadInt16().ShouldBe((short)ErrorCode.StorageError);
        reader.ReadInt64();
        reader.ReadInt64();
        reader.ReadInt64();
        reader.ReadInt32().ShouldBe(0, "no per-record errors");
        return reader.ReadNullableString();
    }
}
