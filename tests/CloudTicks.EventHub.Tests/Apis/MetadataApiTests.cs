using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Apis;

public sealed class MetadataApiTests : IAsyncLifetime
{
    private RunningHub _hub = null!;
    private WireClient _client = null!;

    public async ValueTask InitializeAsync()
    {
        _hub = await RunningHub.StartAsync(null, null, "--default-partitions", "3", "--advertise", "hub.example:1234");
        _client = await WireClient.ConnectAsync(_hub.Address);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _hub.DisposeAsync();
    }

    [Fact]
    public async Task Unknown_ApiVersions_version_gets_error_35_and_api_list()
    {
        var flexible = await _client.CallAsync(ApiKey.ApiVersions, 4, static w => w.WriteInt32(0x01010100));
        var classic = await _client.CallAsync(ApiKey.ApiVersions, 0, static _ => { });
        new WireReader(flexible).ReadInt16().ShouldBe((short)ErrorCode.UnsupportedVersion);
        new WireReader(classic).ReadInt16().ShouldBe((short)0);
        flexible[2..].ShouldBe(classic[2..]);
        var sasl = new[] { ApiKey.SaslHandshake, ApiKey.SaslAuthenticate }; // served when users are configured
        (classic.Length - 6).ShouldBe(6 * Enum.GetValues<ApiKey>().Except(sasl).Count(), "every API is advertised");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    public async Task Requested_topic_is_created(short version)
    {
        var (host, port, error, partitions) = Read(version, await _client.CallAsync(ApiKey.Metadata, version, static w =>
        {
            w.WriteInt32(1);
            w.WriteString("new.topic");
        }));
        (host, port, error, partitions).ShouldBe(("hub.example", 1234, ErrorCode.None, 3));
        (await _client.ProduceAsync("new.topic", 2, Batches.Of("a"))).Error.ShouldBe(ErrorCode.None);
    }

    [Theory]
    [InlineData(true, 0x1FA0)]
    [InlineData(false, int.MinValue)]
    public async Task Cluster_description_has_node_and_requested_operations(bool includeOperations, int operations)
    {
        var reader = new WireReader(await _client.CallAsync(ApiKey.DescribeCluster, 0, w =>
        {
            w.WriteInt8(0); // tagged fields of the header
            w.IsFlexible = true;
            w.WriteBoolean(includeOperations);
            w.EndStruct();
        }), isFlexible: true);
        reader.EndStruct();
        reader.ReadInt32();
        reader.ReadInt16().ShouldBe((short)0);
        reader.ReadNullableString().ShouldBeNull();
        reader.ReadString().ShouldNotBeNullOrEmpty();
        var controller = reader.ReadInt32();
        reader.ReadArrayLength(1).ShouldBe(1);
        (reader.ReadInt32(), reader.ReadString(), reader.ReadInt32()).ShouldBe((controller, "hub.example", 1234));
        reader.ReadNullableString().ShouldBeNull("the node has no rack");
        reader.EndStruct();
        reader.ReadInt32().ShouldBe(operations);
        reader.EndStruct();
        reader.Remaining.ShouldBe(0);
    }

    [Fact]
    public async Task Topic_is_not_created_when_client_forbids_it()
    {
        var (_, _, error, _) = Read(4, await _client.CallAsync(ApiKey.Metadata, 4, static w =>
        {
            w.WriteInt32(1);
            w.WriteString("new");
            w.WriteBoolean(false);
        }));
        error.ShouldBe(ErrorCode.UnknownTopicOrPartition);
    }

    [Theory]
    [InlineData("")]
    [InlineData("..")]
    [InlineData("a/b")]
    [InlineData("ünder")]
    public async Task Invalid_name_is_refused(string name)
    {
        var (_, _, error, _) = Read(1, await _client.CallAsync(ApiKey.Metadata, 1, w =>
        {
            w.WriteInt32(1);
            w.WriteString(name);
        }));
        error.ShouldBe(ErrorCode.InvalidTopic);
        (await _client.CreateTopicAsync(name)).ShouldBe(ErrorCode.InvalidTopic);
    }

    [Fact]
    public async Task Invalid_topic_requests_are_refused()
    {
        (await _client.CreateTopicAsync("t", 0)).ShouldBe(ErrorCode.InvalidPartitions);
        (await _client.CreateTopicAsync("t", 1_000_000)).ShouldBe(ErrorCode.InvalidPartitions);
        (await _client.CreateTopicAsync("t", 9_999)).ShouldBe(ErrorCode.None);
        (await _client.CreateTopicAsync("u", 2)).ShouldBe(ErrorCode.PolicyViolation, "the limit allows one more partition");
        (await _client.CreateTopicAsync("t", 1)).ShouldBe(ErrorCode.TopicAlreadyExists);
        (await _client.CreateTopicAsync("u", 1, ("retention.ms", "-2"))).ShouldBe(ErrorCode.InvalidConfig);
        (await _client.CreateTopicAsync("u", 1, ("retention.bytes", "many"))).ShouldBe(ErrorCode.InvalidConfig);
        (await _client.CreateTopicAsync("u", 1, ("segment.bytes", "65535"))).ShouldBe(ErrorCode.InvalidConfig);
        (await _client.CreateTopicAsync("u", 1, ("max.message.bytes", "0"))).ShouldBe(ErrorCode.InvalidConfig);
        (await _client.CreateTopicAsync("u", 1, ("cleanup.policy", "compact,keep"))).ShouldBe(ErrorCode.InvalidConfig);
        (await _client.CreateTopicAsync("u", 1, ("nonsense", "1"))).ShouldBe(ErrorCode.InvalidConfig);
        (await _client.CreateTopicAsync("u", 1, ("retention.ms", "-1"))).ShouldBe(ErrorCode.None);
    }

    private static (string Host, int Port, ErrorCode Error, int Partitions) Read(short version, byte[] response)
    {
        var reader = new WireReader(response);
        if (version >= 3)
        {
            reader.ReadInt32();
        }

        reader.ReadInt32().ShouldBe(1);
        reader.ReadInt32();
        var (host, port) = (reader.ReadString(), reader.ReadInt32());
        if (version >= 1)
        {
            reader.ReadNullableString();
        }

        if (version >= 2)
        {
            reader.ReadString().Length.ShouldBe(32, "the cluster's id");
        }

        if (version >= 1)
        {
            reader.ReadInt32();
        }

        reader.ReadInt32().ShouldBe(1);
        var error = (ErrorCode)reader.ReadInt16();
        reader.ReadString();
        if (version >= 1)
        {
            reader.ReadBoolean().ShouldBeFalse();
        }

        return (host, port, error, reader.ReadInt32());
    }
}
