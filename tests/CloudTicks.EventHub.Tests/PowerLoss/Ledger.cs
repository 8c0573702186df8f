using CloudTicks.EventHub.Tests.Fixtures;

namespace CloudTicks.EventHub.Tests.PowerLoss;

/// <summary>The state that was acknowledged to clients at one moment of a run.</summary>
internal sealed class Ledger
{
    /// <summary>The number of disk operations at that moment.</summary>
    public int Operations { get; set; }

    public Guid? Cluster { get; set; }

    /// <summary>The number of acknowledged records of each partition.</summary>
    public Dictionary<(string Topic, int Partition), int> Records { get; private init; } =
        RandomRun.Partitions.ToDictionary(p => p, _ => 0);

    /// <summary>The first offset of each partition.</summary>
    public Dictionary<(string Topic, int Partition), int> Starts { get; private init; } = RandomRun.Partitions.ToDictionary(p => p, _ => 0);

    public HashSet<string> Topics { get; private init; } = new(StringComparer.Ordinal);

    public HashSet<string> Deleted { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>The group's committed offset of the first partition; -1 when there is none.</summary>
    public long Committed { get; set; } = -1;

    /// <summary>The last assigned producer id.</summary>
    public long ProducerId { get; set; } = -1;

    /// <summary>A topic's setting, which the run only increases.</summary>
    public long MinCompactionLag { get; set; }

    public Ledger Copy() => new()
    {
        Cluster = Cluster,
        Records = new(Records),
        Starts = new(Starts),
        Topics = new(Topics, StringComparer.Ordinal),
        Deleted = new(Deleted, StringComparer.Ordinal),
        Committed = Committed,
        ProducerId = ProducerId,
        MinCompactionLag = MinCompactionLag,
    };
}

/// <summary>A sent batch.</summary>
internal sealed record SentBatch(long FirstOffset, IReadOnlyList<string> Values)
{
    public long NextOffset => FirstOffset + Values.Count;

    /// <summary>The bytes of the batch, from the partition's idempotent producer.</summary>
    public byte[] Bytes((string Topic, int Partition) at) =>
        Batches.Of(Values, producer: 100 + Array.IndexOf(RandomRun.Partitions, at), epoch: 0, sequence: (int)FirstOffset);
}
