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

    public async Task<FetchSessionAnswer> SendAsync(WireClient client)
    {
        var answer = await client.CallAsync(ApiKey.Fetch, Version, Write);
        return FetchSessionAnswer.Read(answer, Version);
    }

    private void Write(WireWriter w)
    {
        w.IsFlexible = Version >= FirstFlexible;
        w.EndStruct(); // of the request's header
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

/// <summary>What a fetch with a session was answered.</summary>
internal sealed record FetchSessionAnswer(ErrorCode Error, int Session, IReadOnlyList<SessionPartition> Partitions)
{
    public static FetchSessionAnswer Read(byte[] answer, short version)
    {
        var reader = new WireReader(answer, isFlexible: version >= 12);
        reader.EndStruct(); // of the answer's header
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
        return new FetchSessionAnswer(error, session, partitions);
    }
}

/// <summary>What a fetch with a session was answered of one partition.</summary>
internal sealed record SessionPartition(int Partition, ErrorCode Error, long HighWatermark, long LogStart, byte[] Records);
