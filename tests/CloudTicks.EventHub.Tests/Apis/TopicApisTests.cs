using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Apis;

public sealed class TopicApisTests : IAsyncLifetime
{
    private const int LongWaitMs = 120_000;
    private RunningHub _hub = null!;
    private WireClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync();
        _client = await WireClient.ConnectAsync(_hub.Address);
        (await _client.CreateTopicAsync("ticks", 2)).ShouldBe(ErrorCode.None);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _hub.DisposeAsync();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Added_partitions_are_usable_immediately(short version)
    {
        (await AddPartitionsAsync("ticks", 5, version: version)).ShouldBe((ErrorCode.None, null));
        (await _client.ProduceAsync("ticks", 4, Batches.Of("a"))).ShouldBe((ErrorCode.None, 0L));
        (await _client.ProduceAsync("ticks", 5, Batches.Of("a"))).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        Batches.Read((await _client.FetchAsync("ticks", 4, 0)).Records).ShouldBe([(0, "a")]);
    }

    [Fact]
    public async Task Invalid_partition_counts_are_refused_with_a_reason()
    {
        (await AddPartitionsAsync("none", 5)).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
        (await AddPartitionsAsync("ticks", 2)).Error.ShouldBe(ErrorCode.InvalidPartitions);
        (await AddPartitionsAsync("ticks", 1)).Error.ShouldBe(ErrorCode.InvalidPartitions);
        (await AddPartitionsAsync("ticks", -1)).Message.ShouldNotBeNull().ShouldContain("has 2 partitions");
        (await AddPartitionsAsync("ticks", int.MaxValue)).Error.ShouldBe(ErrorCode.InvalidPartitions);
        (await _client.CreateTopicAsync("other", 10)).ShouldBe(ErrorCode.None);
        (await AddPartitionsAsync("ticks", 9_991)).Error.ShouldBe(ErrorCode.PolicyViolation, "there would be 10,001 partitions");
        (await AddPartitionsAsync("ticks", 4, assigned: [[1]])).Error.ShouldBe(ErrorCode.InvalidReplicaAssignment);
        (await AddPartitionsAsync("ticks", 3, assigned: [[7]])).Error.ShouldBe(ErrorCode.InvalidReplicaAssignment);
        (await AddPartitionsAsync("ticks", 4, validateOnly: true)).Error.ShouldBe(ErrorCode.None);
        (await _client.ProduceAsync("ticks", 2, Batches.Of("a"))).Error.ShouldBe(ErrorCode.UnknownTopicOrPartition, "nothing was added");
        (await AddPartitionsAsync("ticks", 4, assigned: [[1], [1]])).Error.ShouldBe(ErrorCode.None);
        (await _client.ProduceAsync("ticks", 3, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task Deleted_records_are_out_of_range(short version)
    {
        for (var i = 0; i < 5; i++)
        {
            await _client.ProduceAsync("ticks", 0, Batches.Of($"{i}"));
        }

        (await DeleteRecordsAsync(0, 3, version)).ShouldBe((ErrorCode.None, 3L));
        (await _client.ListOffsetAsync("ticks", 0, -2)).ShouldBe((ErrorCode.None, 3L));
        var belowStart = await _client.FetchAsync("ticks", 0, 2, waitMs: LongWaitMs);
        (belowStart.Error, belowStart.LogStart, belowStart.HighWatermark).ShouldBe((ErrorCode.OffsetOutOfRange, 3, 5));
        var fetched = await _client.FetchAsync("ticks", 0, 3);
        fetched.LogStart.ShouldBe(3);
        Batches.Read(fetched.Records).ShouldBe([(3, "3"), (4, "4")]);

        (await DeleteRecordsAsync(0, 1, version)).ShouldBe((ErrorCode.None, 3L), "the start never moves back");
        (await DeleteRecordsAsync(0, 6, version)).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
        (await DeleteRecordsAsync(0, -2, version)).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
        (await DeleteRecordsAsync(2, 0, version)).ShouldBe((ErrorCode.UnknownTopicOrPartition, -1L));
        (await DeleteRecordsAsync(0, -1, version)).ShouldBe((ErrorCode.None, 5L));
        (await _client.FetchAsync("ticks", 0, 5, waitMs: 10)).Error.ShouldBe(ErrorCode.None);
        (await _client.ProduceAsync("ticks", 0, Batches.Of("5"))).ShouldBe((ErrorCode.None, 5L));
        Batches.Read((await _client.FetchAsync("ticks", 0, 5)).Records).ShouldBe([(5, "5")]);
    }

    [Fact]
    public async Task Deleting_records_completes_long_poll_with_error()
    {
        using var other = await WireClient.ConnectAsync(_hub.Address);
        await _client.ProduceAsync("ticks", 0, Batches.Of("a"));
        var fetch = other.FetchAsync("ticks", 0, 0, waitMs: LongWaitMs, minBytes: 1_000_000);
        (await DeleteRecordsAsync(0, -1, 1)).Error.ShouldBe(ErrorCode.None);
        (await fetch).Error.ShouldBe(ErrorCode.OffsetOutOfRange);
    }

    [Fact]
    public async Task Settings_are_described_with_sources()
    {
        (await _client.CreateTopicAsync("kept", 1, ("retention.ms", "3600000"), ("retention.bytes", "-1"), ("max.message.bytes", "1000")))
            .ShouldBe(ErrorCode.None);
        var settings = await DescribeAsync("kept");
        settings["retention.ms"].ShouldBe(("3600000", 1));
        settings["retention.bytes"].ShouldBe(("-1", 1), "set explicitly, although it is the default");
        settings["max.message.bytes"].ShouldBe(("1000", 1));
        settings["segment.bytes"].ShouldBe(("268435456", 5));
        settings["cleanup.policy"].ShouldBe(("delete", 5));
        (await _client.ProduceAsync("kept", 0, Batches.Of(new string('x', 1000)))).Error.ShouldBe(ErrorCode.MessageTooLarge);
        (await DescribeAsync("ticks"))["retention.ms"].ShouldBe(("-1", 5));
    }

    [Fact]
    public async Task Settings_are_described_with_type_synonyms_and_documentation()
    {
        (await _client.CreateTopicAsync("kept", 1, ("retention.ms", "3600000"))).ShouldBe(ErrorCode.None);
        var changedSetting = await DescribeWithAllAsync("kept", "retention.ms");
        changedSetting.Type.ShouldBe((sbyte)5);
        changedSetting.Documentation.ShouldBe("Milliseconds that records are kept; -1: no limit.");
        changedSetting.Synonyms.ShouldBe([("retention.ms", "3600000", 1), ("log.retention.ms", "-1", 5)]);
        var defaultSetting = await DescribeWithAllAsync("kept", "max.message.bytes");
        (defaultSetting.Type, defaultSetting.Synonyms.Single()).ShouldBe(((sbyte)3, ("message.max.bytes", "8388608", 5)));
        (await DescribeWithAllAsync("kept", "cleanup.policy")).Type.ShouldBe((sbyte)7);
    }

    [Fact]
    public async Task Log_dirs_describe_folder_bytes_and_free_space()
    {
        await _client.ProduceAsync("ticks", 1, Batches.Of("a"));
        var reader = new WireReader(await _client.CallAsync(ApiKey.DescribeLogDirs, 1, static w => w.WriteInt32(-1)));
        reader.ReadInt32();
        reader.ReadInt32().ShouldBe(1);
        reader.ReadInt16().ShouldBe((short)0);
        reader.ReadString().ShouldBe(Path.GetFullPath(_hub.DataFolder));
        reader.ReadInt32().ShouldBe(1);
        reader.ReadString().ShouldBe("ticks");
        reader.ReadInt32().ShouldBe(2);
        (reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadBoolean()).ShouldBe((0, 0L, 0L, false));
        (reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadBoolean()).ShouldBe(
            (1, (long)Batches.Of("a").Length, 0L, false));
        reader.Remaining.ShouldBe(0);

        var flexible = new WireReader(await _client.CallAsync(ApiKey.DescribeLogDirs, 4, static w =>
        {
            w.WriteInt8(0); // tagged fields of the header
            w.IsFlexible = true;
            w.WriteArray(["ticks", "unknown"], static (w, topic) =>
            {
                w.WriteString(topic);
                w.WriteInt32Array(1, 7);
            });
            w.EndStruct();
        }), isFlexible: true);
        flexible.EndStruct();
        flexible.ReadInt32();
        flexible.ReadInt16().ShouldBe((short)0);
        flexible.ReadArrayLength(1).ShouldBe(1);
        flexible.ReadInt16();
        flexible.ReadString();
        flexible.ReadArrayLength(1).ShouldBe(1, "an unknown topic is left out");
        flexible.ReadString().ShouldBe("ticks");
        flexible.ReadArrayLength(1).ShouldBe(1, "an unknown partition is left out");
        (flexible.ReadInt32(), flexible.ReadInt64() > 0, flexible.ReadInt64(), flexible.ReadBoolean()).ShouldBe((1, true, 0L, false));
        flexible.EndStruct();
        flexible.EndStruct();
        var (total, free) = (flexible.ReadInt64(), flexible.ReadInt64());
        free.ShouldBeInRange(1, total);
    }

    private async Task<(sbyte Type, string? Documentation, List<(string Name, string? Value, int Source)> Synonyms)> DescribeWithAllAsync(
        string topic, string setting)
    {
        var reader = new WireReader(await _client.CallAsync(ApiKey.DescribeConfigs, 3, w =>
        {
            w.WriteInt32(1);
            w.WriteInt8(2);
            w.WriteString(topic);
            w.WriteInt32(1);
            w.WriteString(setting);
            w.WriteBoolean(true);
            w.WriteBoolean(true);
        }));
        reader.ReadInt32();
        reader.ReadInt32().ShouldBe(1);
        reader.ReadInt16().ShouldBe((short)0);
        reader.ReadNullableString();
        reader.ReadInt8();
        reader.ReadString();
        reader.ReadInt32().ShouldBe(1);
        reader.ReadString().ShouldBe(setting);
        reader.ReadNullableString();
        reader.ReadBoolean().ShouldBeFalse();
        reader.ReadInt8();
        reader.ReadBoolean();
        var synonyms = new List<(string, string?, int)>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            synonyms.Add((reader.ReadString(), reader.ReadNullableString(), reader.ReadInt8()));
        }

        var described = (reader.ReadInt8(), reader.ReadNullableString(), synonyms);
        reader.Remaining.ShouldBe(0);
        return described;
    }

    private async Task<(ErrorCode Error, string? Message)> AddPartitionsAsync(
        string topic, int count, int[][]? assigned = null, bool validateOnly = false, short version = 1)
    {
        var response = await _client.CallAsync(ApiKey.CreatePartitions, version, w =>
        {
            w.WriteInt32(1);
            w.WriteString(topic);
            w.WriteInt32(count);
            if (assigned is null)
            {
                w.WriteInt32(-1);
            }
            else
            {
                w.WriteArray(assigned, static (w, nodes) => w.WriteArray(nodes, static (w, node) => w.WriteInt32(node)));
            }

            w.WriteInt32(10_000);
            w.WriteBoolean(validateOnly);
        });
        var reader = new WireReader(response);
        reader.ReadInt32();
        reader.ReadInt32().ShouldBe(1);
        reader.ReadString().ShouldBe(topic);
        var outcome = ((ErrorCode)reader.ReadInt16(), reader.ReadNullableString());
        reader.Remaining.ShouldBe(0);
        return outcome;
    }

    private async Task<(ErrorCode Error, long LowWatermark)> DeleteRecordsAsync(int partition, long offset, short version)
    {
        var response = await _client.CallAsync(ApiKey.DeleteRecords, version, w =>
        {
            w.WriteInt32(1);
            w.WriteString("ticks");
            w.WriteInt32(1);
            w.WriteInt32(partition);
            w.WriteInt64(offset);
            w.WriteInt32(10_000);
        });
        var reader = new WireReader(response);
        reader.ReadInt32();
        reader.ReadInt32().ShouldBe(1);
        reader.ReadString().ShouldBe("ticks");
        reader.ReadInt32().ShouldBe(1);
        reader.ReadInt32().ShouldBe(partition);
        var lowWatermark = reader.ReadInt64();
        var error = (ErrorCode)reader.ReadInt16();
        reader.Remaining.ShouldBe(0);
        return (error, lowWatermark);
    }

    private async Task<Dictionary<string, (string? Value, int Source)>> DescribeAsync(string topic)
    {
        var response = await _client.CallAsync(ApiKey.DescribeConfigs, 1, w =>
        {
            w.WriteInt32(1);
            w.WriteInt8(2);
            w.WriteString(topic);
            w.WriteInt32(-1);
            w.WriteBoolean(false);
        });
        var reader = new WireReader(response);
        reader.ReadInt32();
        reader.ReadInt32().ShouldBe(1);
        reader.ReadInt16().ShouldBe((short)0);
        reader.ReadNullableString();
        reader.ReadInt8();
        reader.ReadString();
        var settings = new Dictionary<string, (string?, int)>();
        for (var count = reader.ReadInt32(); count > 0; count--)
        {
            var (name, value) = (reader.ReadString(), reader.ReadNullableString());
            reader.ReadBoolean().ShouldBe(name.StartsWith("cloudticks.", StringComparison.Ordinal), "all others are writable");
            settings.Add(name, (value, reader.ReadInt8()));
            reader.ReadBoolean();
            reader.ReadInt32().ShouldBe(0);
        }

        return settings;
    }
}
