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

    /// <summary>Answers its join, while one is parked.</summary>
    public Action<JoinResponse>? ParkedJoin { get; set; }

    /// <summary>Answers its sync, while one is parked.</summary>
    public Action<SyncResponse>? ParkedSync { get; set; }

    public bool Synced { get; set; }

    /// <summary>When it is taken for dead. Not while a join or a sync of it is parked.</summary>
    public DateTimeOffset Deadline { get; set; }

    public bool Parked => ParkedJoin is not null || ParkedSync is not null;

    public byte[] MetadataFor(string protocol) => Joined.Protocols.FirstOrDefault(p => p.Name == protocol)?.Metadata ?? [];

    public void Says(JoinRequest joined)
    {
        _memory.Count(joined.Bytes - Joined.Bytes);
        Joined = joined;
    }

    public void Assign(byte[] assignment)
    {
        _memory.Count(assignment.Length - Assignment.Length);
        Assignment = assignment;
    }

    public void Gone() => _memory.Count(-(Joined.Bytes + Assignment.Length));

    public MemberSnapshot Image() => new(Id, Joined, Assignment);

    public bool SaysTheSame(JoinRequest other) =>
        Joined.Protocols.Count == other.Protocols.Count
        && Joined.Protocols.Zip(other.Protocols).All(p =>
            p.First.Name == p.Second.Name && p.First.Metadata.AsSpan().SequenceEqual(p.Second.Metadata));

    /// <summary>Whether a new process wants the same topics, by a protocol that the group follows; what it owns does not count.</summary>
    public bool WantsTheSame(JoinRequest other, string protocol) =>
        Joined.Protocols.Select(p => p.Name).SequenceEqual(other.Protocols.Select(p => p.Name), StringComparer.Ordinal)
        && other.Protocols.FirstOrDefault(p => p.Name == protocol) is { } wanted
        && ConsumerSubscription.IsSame(other.ProtocolType, MetadataFor(protocol), wanted.Metadata);
}
