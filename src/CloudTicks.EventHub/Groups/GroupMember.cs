namespace CloudTicks.EventHub.Groups;

internal sealed class GroupMember
{
    private readonly GroupMemory _memory;

    public GroupMember(string id, JoinRequest request, GroupMemory memory)
    {
        (Id, LastJoin, _memory) = (id, request, memory);
        memory.Add(request.Bytes);
    }

    public string Id { get; }

    public JoinRequest LastJoin { get; private set; }

    public byte[] Assignment { get; private set; } = [];

    /// <summary>Completes the parked join; null when there is none.</summary>
    public Action<JoinResponse>? ParkedJoin { get; set; }

    /// <summary>Completes the parked sync; null when there is none.</summary>
    public Action<SyncResponse>? ParkedSync { get; set; }

    public bool HasSynced { get; set; }

    /// <summary>When the session expires. It does not expire while a join or a sync is parked.</summary>
    public DateTimeOffset Deadline { get; set; }

    public bool IsParked => ParkedJoin is not null || ParkedSync is not null;

    public byte[] MetadataFor(string protocol) => LastJoin.Protocols.FirstOrDefault(p => p.Name == protocol)?.Metadata ?? [];

    public void Update(JoinRequest request)
    {
        _memory.Add(request.Bytes - LastJoin.Bytes);
        LastJoin = request;
    }

    public void Assign(byte[] assignment)
    {
        _memory.Add(assignment.Length - Assignment.Length);
        Assignment = assignment;
    }

    public void ReleaseMemory() => _memory.Add(-(LastJoin.Bytes + Assignment.Length));

    public MemberSnapshot Snapshot() => new(Id, LastJoin, Assignment);

    public bool HasSameProtocols(JoinRequest other) =>
        LastJoin.Protocols.Count == other.Protocols.Count
        && LastJoin.Protocols.Zip(other.Protocols).All(p =>
            p.First.Name == p.Second.Name && p.First.Metadata.AsSpan().SequenceEqual(p.Second.Metadata));

    /// <summary>
    /// True when a new process supports the same protocols and, in the group's protocol, subscribes to the same topics. Owned partitions in
    /// the metadata are ignored.
    /// </summary>
    public bool HasSameSubscription(JoinRequest other, string protocol) =>
        LastJoin.Protocols.Select(p => p.Name).SequenceEqual(other.Protocols.Select(p => p.Name), StringComparer.Ordinal)
        && other.Protocols.FirstOrDefault(p => p.Name == protocol) is { } requested
        && ConsumerSubscription.IsSame(other.ProtocolType, MetadataFor(protocol), requested.Metadata);
}
