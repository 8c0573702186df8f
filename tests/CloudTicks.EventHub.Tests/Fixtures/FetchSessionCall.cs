using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>A fetch with a session, of partitions of one topic.</summary>
internal sealed record FetchSessionCall(int Session = 0, int Epoch = -1)
{
    private const short FirstFlexible = 12;

    public short Version { get; init; } = 11;

    public string Topic { get; init; } = "ticks";

    public IReadOnlyList<(int Partition, long Offset)> Positions { get; init; } = [];

    public IReadOnlyList<int> Forgotten { get; init; } = [];

    public int WaitMs { get; init; }

    public int MaxBytes { get; init; } = 1 << 20;

    public async Task<FetchSessionResponse> SendAsync(WireClient client)
    {
        var response = await client.CallAsync(ApiKey.Fetch, Version, Write);
        return FetchSessionResponse.Read(response, Version);
    }

    private void Write(WireWriter w)
    {
        w.IsFlexible = Version >= FirstFlexible;
        w.EndStruct(); // tagged fields of the header
        w.WriteInt32(-1);
        w.WriteInt32(WaitMs);
        w.WriteInt32(1);
        w.WriteInt32(MaxBytes);
        w.WriteInt8(0);
        w.WriteInt32(Session);
        w.WriteInt32(Epoch);
        w.WriteArray(Positions.Count > 0 ? [Topic] : Array.Empty<string>(), (w, topic) =>
        {
            w.WriteString(topic);
            w.WriteArray(Positions, (w, position) =>
            {
                w.WriteInt32(position.Partition);
                if (Version >= 9)
                {
                    w.WriteInt32(-1);
                }

                w.WriteInt64(position.Offset);
                if (Version >= 12)
                {
                    w.WriteInt32(-1);
                }

                w.WriteInt64(-1);
                w.WriteInt32(1 << 20);
            });
        });
        w.WriteArray(Forgotten.Count > 0 ? [Topic] : Array.Empty<string>(), (w, topic) =>
        {
            w.WriteString(topic);
            w.WriteInt32Array([.. Forgotten]);
        });
        if (Version >= 11)
        {
            w.WriteString("");
        }

        w.EndStruct();
        w.IsFlexible = false;
    }
}

/// <summary>The response to a fetch with a session.</summary>
internal sealed record FetchSessionResponse(ErrorCode Error, int Session, IReadOnlyList<SessionPartition> Partitions)
{
    public static FetchSessionResponse Read(byte[] response, short version)
    {
        var reader = new WireReader(response, isFlexible: version >= 12);
        reader.EndStruct(); // tagged fields of the header
        reader.ReadInt32();
        var (error, session) = ((ErrorCode)reader.ReadInt16(), reader.ReadInt32());
        var partitions = new List<SessionPartition>();
        for (var topics = reader.ReadArrayLength(6); topics > 0; topics--)
        {
            reader.ReadString();
            for (var count = reader.ReadArrayLength(16); count > 0; count--)
            {
                var (index, failure) = (reader.ReadInt32(), (ErrorCode)reader.ReadInt16());
                var (highWatermark, _, start) = (reader.ReadInt64(), reader.ReadInt64(), reader.ReadInt64());
                reader.ReadArrayLength(16).ShouldBe(0);
                if (version >= 11)
                {
                    reader.ReadInt32();
                }

                partitions.Add(new SessionPartition(index, failure, highWatermark, start, reader.ReadBytes()));
                reader.EndStruct();
            }

            reader.EndStruct();
        }

        reader.EndStruct();
        reader.Remaining.ShouldBe(0);
        return new FetchSessionResponse(error, session, partitions);
    }
}

/// <summary>The response for one partition.</summary>
internal sealed record SessionPartition(int Partition, ErrorCode Error, long HighWatermark, long LogStart, byte[] Records);
