using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>The members of a group, and the new members that received an id and are expected to join with it.</summary>
internal sealed class GroupMembership(GroupMemory memory)
{
    private const int MaxMembers = 1000;
    private const int MaxProtocols = 100;

    private readonly Dictionary<string, GroupMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _instances = new(StringComparer.Ordinal);

    public IReadOnlyCollection<GroupMember> All => _members.Values;

    public string ProtocolType { get; private set; } = "";

    public bool HasExpected => _expected.Count > 0;

    public bool IsFull => _members.Count + _expected.Count >= MaxMembers;

    /// <summary>True when the memory of all groups has room for the request.</summary>
    public bool HasRoomFor(JoinRequest request)
    {
        var addedBytes = request.Bytes - (_members.TryGetValue(request.MemberId, out var known) ? known.LastJoin.Bytes : 0);
        return addedBytes <= 0 || memory.HasRoomFor(addedBytes);
    }

    /// <summary>The deadlines of members without a parked request and of expected members.</summary>
    public IEnumerable<DateTimeOffset> Deadlines =>
        _members.Values.Where(m => !m.IsParked).Select(m => m.Deadline).Concat(_expected.Values);

    public GroupMember this[string memberId] => _members[memberId];

    public bool Has(string memberId) => _members.ContainsKey(memberId);

    /// <summary>The member id of a static instance; null when there is none.</summary>
    public string? MemberOf(string instanceId) => _instances.GetValueOrDefault(instanceId);

    /// <summary>True when the requesting member and all other members share a protocol.</summary>
    public bool IsCompatible(JoinRequest request)
    {
        if (request.ProtocolType.Length == 0 || request.Protocols.Count is 0 or > MaxProtocols)
        {
            return false;
        }

        var others = _members.Values
            .Where(m => m.Id != request.MemberId && (request.InstanceId is null || m.LastJoin.InstanceId != request.InstanceId))
            .ToList();
        return others.Count == 0
            || (request.ProtocolType == ProtocolType
                && request.Protocols.Any(p => others.All(o => o.LastJoin.Protocols.Any(q => q.Name == p.Name))));
    }

    public ErrorCode Check(string memberId, string? instanceId)
    {
        if (instanceId is not null && _instances.TryGetValue(instanceId, out var known) && known != memberId)
        {
            return ErrorCode.FencedInstanceId;
        }

        return _members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    /// <summary>Registers a new member that must join with its id before the given time.</summary>
    public void Expect(string memberId, DateTimeOffset until) => _expected[memberId] = until;

    /// <summary>Removes an expected member. False when it was not expected.</summary>
    public bool TryRemoveExpected(string memberId) => _expected.Remove(memberId);

    public void ClearExpected() => _expected.Clear();

    public void RemoveOverdueExpected(DateTimeOffset now)
    {
        foreach (var (memberId, deadline) in _expected.ToList())
        {
            if (deadline <= now)
            {
                _expected.Remove(memberId);
            }
        }
    }

    public GroupMember Add(string memberId, JoinRequest request)
    {
        var member = new GroupMember(memberId, request, memory);
        Add(member);
        return member;
    }

    private void Add(GroupMember member)
    {
        if (_members.Count == 0)
        {
            ProtocolType = member.LastJoin.ProtocolType;
        }

        _members.Add(member.Id, member);
        if (member.LastJoin.InstanceId is { } instance)
        {
            _instances[instance] = member.Id;
        }
    }

    /// <summary>Adds the members of a snapshot with a full session timeout.</summary>
    public void Restore(GroupSnapshot snapshot, DateTimeOffset now)
    {
        foreach (var member in snapshot.Members)
        {
            var restoredMember = new GroupMember(member.Id, member.LastJoin, memory)
            {
                HasSynced = snapshot.Stable,
                Deadline = now + member.LastJoin.SessionTimeout,
            };
            restoredMember.Assign(member.Assignment);
            Add(restoredMember);
        }

        ProtocolType = snapshot.ProtocolType;
    }

    /// <summary>Replaces a static member with its new process.</summary>
    public GroupMember Replace(GroupMember old, string memberId, string instanceId)
    {
        _members.Remove(old.Id);
        old.ReleaseMemory();
        var member = new GroupMember(memberId, old.LastJoin, memory) { HasSynced = old.HasSynced, Deadline = old.Deadline };
        member.Assign(old.Assignment);
        _members.Add(memberId, member);
        _instances[instanceId] = memberId;
        return member;
    }

    public void Remove(GroupMember member)
    {
        _members.Remove(member.Id);
        member.ReleaseMemory();
        if (member.LastJoin.InstanceId is { } instance && _instances.GetValueOrDefault(instance) == member.Id)
        {
            _instances.Remove(instance);
        }
    }
}
