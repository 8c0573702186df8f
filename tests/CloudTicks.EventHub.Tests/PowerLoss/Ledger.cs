using CloudTicks.EventHub.Tests.Fixtures;

namespace CloudTicks.EventHub.Tests.PowerLoss;

/// <summary>What clients were told is safe, at a moment of a run.</summary>
internal sealed class Ledger
{
    /// <summary>Operations of the disk at that moment.</summary>
    public int Operations { get; set; }

    public Guid? Cluster { get; set; }

    /// <summary>Records by partition.</summary>
    public Dictionary<(string Topic, int Partition), int> Records { get; private init; } = Journey.Partitions.ToDictionary(p => p, _ => 0);

    /// <summary>The first offset, by partition.</summary>
    public Dictionary<(string Topic, int Partition), int> Starts { get; private init; } = Journey.Partitions.ToDictionary(p => p, _ => 0);

    public HashSet<string> Topics { get; private init; } = new(StringComparer.Ordinal);

    public HashSet<string> Deleted { get; private init; } = new(StringComparer.Ordinal);

    /// <summary>What the group committed of the first partition; -1 while it has not.</summary>
    public long Committed { get; set; } = -1;

    /// <summary>The last producer id that was given out.</summary>
    public long ProducerId { get; set; } = -1;

    /// <summary>A setting of a topic, which only grows.</summary>
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

/// <summary>A batch that was sent.</summary>
internal sealed record SentBatch(long FirstOffset, IReadOnlyList<string> Values)
{
    public long NextOffset => FirstOffset + Values.Count;

    /// <summary>The batch on the wire, by the partition's own idempotent producer.</summary>
    public byte[] Bytes((string Topic, int Partition) at) =>
        Batches.Of(Values, producer: 100 + Array.IndexOf(Journey.Partitions, at), epoch: 0, sequence: (int)FirstOffset);
}
