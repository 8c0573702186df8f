using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>Requests that many tests send.</summary>
internal static class WireCalls
{
    public static async Task<ErrorCode> CreateTopicAsync(
        this WireClient client, string topic, int partitions = 1, params (string Name, string Value)[] settings)
    {
        var response = await client.CallAsync(ApiKey.CreateTopics, 1, w =>
        {
            w.WriteInt32(1);
            w.WriteString(topic);
            w.WriteInt32(partitions);
            w.WriteInt16(1);
            w.WriteInt32(0);
            w.WriteArray(settings, static (w, s) =>
            {
                w.WriteString(s.Name);
                w.WriteString(s.Value);
            });
            w.WriteInt32(10_000);
            w.WriteBoolean(false);
        });
        var reader = new WireReader(response);
        reader.ReadInt32().ShouldBe(1);
        reader.ReadString().ShouldBe(topic);
        return (ErrorCode)reader.ReadInt16();
    }

    public static Action<WireWriter> Produce(string topic, int partition, byte[] batches, short acks = -1) => w =>
    {
        w.WriteString(null);
        w.WriteInt16(acks);
        w.WriteInt32(10_000);
        w.WriteInt32(1);
        w.WriteString(topic);
        w.WriteInt32(1);
        w.WriteInt32(partition);
        w.WriteBytes(batches);
    };

    public static async Task<(ErrorCode Error, long Offset)> ProduceAsync(
        this WireClient client, string topic, int partition, byte[] batches, short version = 7, short acks = -1) =>
        ReadProduced(await client.CallAsync(ApiKey.Produce, version, Produce(topic, partition, batches, acks)));

    public static (ErrorCode Error, long Offset) ReadProduced(ReadOnlySpan<byte> response)
    {
        var reader = new WireReader(response);
        reader.ReadInt32().ShouldBe(1);
        reader.ReadString();
        reader.ReadInt32().ShouldBe(1);
        reader.ReadInt32();
        return ((ErrorCode)reader.ReadInt16(), reader.ReadInt64());
    }

    public static Action<WireWriter> Fetch(
        string topic, int partition, long offset, int waitMs = 0, int minBytes = 1, int maxBytes = 1 << 20, int partitionBytes = 1 << 20) =>
            w =>
    {
        w.WriteInt32(-1);
        w.WriteInt32(waitMs);
        w.WriteInt32(minBytes);
        w.WriteInt32(maxBytes);
        w.WriteInt8(0);
        w.WriteInt32(0);
        w.WriteInt32(-1);
        w.WriteInt32(1);
        w.WriteString(topic);
        w.WriteInt32(1);
        w.WriteInt32(partition);
        w.WriteInt64(offset);
        w.WriteInt64(-1);
        w.WriteInt32(partitionBytes);
        w.WriteInt32(0);
    };

    /// <summary>Fetches one partition with version 7.</summary>
    public static async Task<Fetched> FetchAsync(
        this WireClient client, string topic, int partition, long offset, int waitMs = 0, int minBytes = 1, int maxBytes = 1 << 20,
        int partitionBytes = 1 << 20) =>
        ReadFetched(await client.CallAsync(ApiKey.Fetch, 7, Fetch(topic, partition, offset, waitMs, minBytes, maxBytes, partitionBytes)));

    public static Fetched ReadFetched(ReadOnlySpan<byte> response)
    {
        var reader = new WireReader(response);
        reader.ReadInt32();
        reader.ReadInt16().ShouldBe((short)0);
        reader.ReadInt32().ShouldBe(0, "no session was requested");
        reader.ReadInt32().ShouldBe(1);
        reader.ReadString();
        reader.ReadInt32().ShouldBe(1);
        reader.ReadInt32();
        var (error, highWatermark, stable, start) =
            ((ErrorCode)reader.ReadInt16(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
        stable.ShouldBe(highWatermark);
        reader.ReadInt32().ShouldBe(0);
        var (_, length) = reader.SkipBytes();
        reader.Remaining.ShouldBe(0);
        return new Fetched(error, highWatermark, start, response[^length..].ToArray());
    }

    public static async Task<(ErrorCode Error, long Offset)> ListOffsetAsync(
        this WireClient client, string topic, int partition, long timestamp)
    {
        var response = await client.CallAsync(ApiKey.ListOffsets, 1, w =>
        {
            w.WriteInt32(-1);
            w.WriteInt32(1);
            w.WriteString(topic);
            w.WriteInt32(1);
            w.WriteInt32(partition);
            w.WriteInt64(timestamp);
        });
        var reader = new WireReader(response);
        reader.ReadInt32();
        reader.ReadString();
        reader.ReadInt32();
        reader.ReadInt32();
        var error = (ErrorCode)reader.ReadInt16();
        reader.ReadInt64();
        return (error, reader.ReadInt64());
    }
}

/// <summary>The response to a fetch of one partition.</summary>
internal sealed record Fetched(ErrorCode Error, long HighWatermark, long LogStart, byte[] Records);
