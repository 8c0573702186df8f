namespace CloudTicks.EventHub.Groups;

internal sealed class GroupMember
{
    private readonly GroupMemory _memory;

    public GroupMember(string id, JoinRequest joined, GroupMemory memory)
    {
        (Id, Joined, _memory) = (id, joined, memory);
        memory.Count(joined.Bytes);
    }

    public string Id { get; }

    public JoinRequest Joined { get; private set; }

    public byte[] Assignment { get; private set; } = [];

    /// <summary>Completes the parked join; null when there is none.</summary>
    public Action<JoinResponse>? ParkedJoin { get; set; }

    /// <summary>Completes the parked sync; null when there is none.</summary>
    public Action<SyncResponse>? ParkedSync { get; set; }

    public bool Synced { get; set; }

    /// <summary>When the session expires. It does not expire while a join or a sync is parked.</summary>
    public DateTimeOffset Deadline { get; set; }

    public bool Parked => ParkedJoin is not null || ParkedSync is not null;

    public byte[] MetadataFor(string protocol) => Joined.Protocols.FirstOrDefault(p => p.Name == protocol)?.Metadata ?? [];

    public void Update(JoinRequest joined)
    {
        _memory.Count(joined.Bytes - Joined.Bytes);
        Joined = joined;
    }

    public void Assign(byte[] assignment)
    {
        _memory.Count(assignment.Length - Assignment.Length);
        Assignment = assignment;
    }

    public void ReleaseMemory() => _memory.Count(-(Joined.Bytes + Assignment.Length));

    public MemberSnapshot Snapshot() => new(Id, Joined, Assignment);

    public bool HasSameProtocols(JoinRequest other) =>
        Joined.Protocols.Count == other.Protocols.Count
        && Joined.Protocols.Zip(other.Protocols).All(p =>
            p.First.Name == p.Second.Name && p.First.Metadata.AsSpan().SequenceEqual(p.Second.Metadata));

    /// <summary>True when a new process subscribes to the same topics by the group's protocol; owned partitions are ignored.</summary>
    public bool HasSameSubscription(JoinRequest other, string protocol) =>
        Joined.Protocols.Select(p => p.Name).SequenceEqual(other.Protocols.Select(p => p.Name), StringComparer.Ordinal)
        && other.Protocols.FirstOrDefault(p => p.Name == protocol) is { } requested
        && ConsumerSubscription.IsSame(other.ProtocolType, MetadataFor(protocol), requested.Metadata);
}
