using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>A parsed fetch request. In a session, the request contains only added, changed and removed partitions.</summary>
internal sealed record FetchRequest(
    TimeSpan Wait, int MinBytes, int MaxBytes, int SessionId, int SessionEpoch, IReadOnlyList<FetchPosition> Positions,
    IReadOnlyList<(string Topic, int Partition)> Forgotten)
{
    private const short FirstVersionWithSessions = 7;
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(5);

    /// <param name="maxResponseBytes">Maximum size of one response.</param>
    /// <exception cref="MalformedRequestException">The bytes are not a fetch request.</exception>
    public static FetchRequest Read(Request request, int maxResponseBytes)
    {
        var version = request.Version;
        var reader = request.Reader();
        reader.ReadInt32(); // replica id
        var wait = TimeSpan.FromMilliseconds(Math.Max(reader.ReadInt32(), 0));
        var minBytes = reader.ReadInt32();
        var maxBytes = Math.Clamp(reader.ReadInt32(), 0, maxResponseBytes);
        reader.ReadInt8(); // isolation level: it makes no difference without transactions
        var (session, epoch) = (FetchSession.None, FetchSession.FinalEpoch);
        if (version >= FirstVersionWithSessions)
        {
            (session, epoch) = (reader.ReadInt32(), reader.ReadInt32());
        }

        var positions = new List<FetchPosition>();
        for (var topicCount = reader.ReadArrayLength(6); topicCount > 0; topicCount--)
        {
            var topic = reader.ReadString();
            for (var partitionCount = reader.ReadArrayLength(16); partitionCount > 0; partitionCount--)
            {
                positions.Add(ReadPosition(ref reader, version, topic));
            }

            reader.EndStruct();
        }

        var forgottenPartitions = new List<(string, int)>();
        for (var topicCount = version >= FirstVersionWithSessions ? reader.ReadArrayLength(6) : 0; topicCount > 0; topicCount--)
        {
            var topic = reader.ReadString();
            for (var partitionCount = reader.ReadArrayLength(4); partitionCount > 0; partitionCount--)
            {
                forgottenPartitions.Add((topic, reader.ReadInt32()));
            }

            reader.EndStruct();
        }

        return new FetchRequest(wait < MaxWait ? wait : MaxWait, minBytes, maxBytes, session, epoch, positions, forgottenPartitions);
    }

    private static FetchPosition ReadPosition(ref WireReader reader, short version, string topic)
    {
        var index = reader.ReadInt32();
        if (version >= 9)
        {
            reader.ReadInt32(); // leader epoch
        }

        var offset = reader.ReadInt64();
        if (version >= 12)
        {
            reader.ReadInt32(); // epoch of the last record
        }

        if (version >= 5)
        {
            reader.ReadInt64(); // log start offset of a follower
        }

        var maxBytes = Math.Max(reader.ReadInt32(), 0);
        reader.EndStruct();
        return new FetchPosition(topic, index, offset, maxBytes);
    }
}
