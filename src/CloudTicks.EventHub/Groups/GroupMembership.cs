using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>Who is in a group, and who was given an id and is expected to come back with it.</summary>
internal sealed class GroupMembership(GroupMemory memory)
{
    private const int MaxMembers = 1000;
    private const int MaxProtocols = 100;

    private readonly Dictionary<string, GroupMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _instances = new(StringComparer.Ordinal);

    public IReadOnlyCollection<GroupMember> All => _members.Values;

    public string ProtocolType { get; private set; } = "";

    public bool ExpectsSomeone => _expected.Count > 0;

    public bool IsFull => _members.Count + _expected.Count >= MaxMembers;

    /// <summary>Whether the memory of all groups has room for what one says.</summary>
    public bool HasRoomFor(JoinRequest request)
    {
        var more = request.Bytes - (_members.TryGetValue(request.MemberId, out var known) ? known.Joined.Bytes : 0);
        return more <= 0 || memory.HasRoomFor(more);
    }

    /// <summary>When each member that is not parked, and each that is expected, is overdue.</summary>
    public IEnumerable<DateTimeOffset> Deadlines => _members.Values.Where(m => !m.Parked).Select(m => m.Deadline).Concat(_expected.Values);

    public GroupMember this[string memberId] => _members[memberId];

    public bool Has(string memberId) => _members.ContainsKey(memberId);

    /// <summary>The member that a static instance is at present, or null.</summary>
    public string? MemberOf(string instanceId) => _instances.GetValueOrDefault(instanceId);

    /// <summary>Whether there is a protocol that the newcomer and all others can follow.</summary>
    public bool Suits(JoinRequest request)
    {
        if (request.ProtocolType.Length == 0 || request.Protocols.Count is 0 or > MaxProtocols)
        {
            return false;
        }

        var others = _members.Values
            .Where(m => m.Id != request.MemberId && (request.InstanceId is null || m.Joined.InstanceId != request.InstanceId))
            .ToList();
        return others.Count == 0
            || (request.ProtocolType == ProtocolType
                && request.Protocols.Any(p => others.All(o => o.Joined.Protocols.Any(q => q.Name == p.Name))));
    }

    public ErrorCode Check(string memberId, string? instanceId)
    {
        if (instanceId is not null && _instances.TryGetValue(instanceId, out var known) && known != memberId)
        {
            return ErrorCode.FencedInstanceId;
        }

        return _members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    /// <summary>Someone was given an id and comes back with it, until a time at the latest.</summary>
    public void Expect(string memberId, DateTimeOffset until) => _expected[memberId] = until;

    /// <summary>Someone is expected no more. False when that was not so before.</summary>
    public bool ExpectNoMore(string memberId) => _expected.Remove(memberId);

    public void ExpectNobody() => _expected.Clear();

    public void ForgetOverdue(DateTimeOffset now)
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
            ProtocolType = member.Joined.ProtocolType;
        }

        _members.Add(member.Id, member);
        if (member.Joined.InstanceId is { } instance)
        {
            _instances[instance] = member.Id;
        }
    }

    /// <summary>Takes in the members of an image, as if each had just been heard of.</summary>
    public void Restore(GroupSnapshot image, DateTimeOffset now)
    {
        foreach (var member in image.Members)
        {
            var restored = new GroupMember(member.Id, member.Joined, memory)
            {
                Synced = image.Stable,
                Deadline = now + member.Joined.SessionTimeout,
            };
            restored.Assign(member.Assignment);
            Add(restored);
        }

        ProtocolType = image.ProtocolType;
    }

    /// <summary>Gives the place of a static member to its new process.</summary>
    public GroupMember Replace(GroupMember old, string memberId, string instanceId)
    {
        _members.Remove(old.Id);
        old.Gone();
        var member = new GroupMember(memberId, old.Joined, memory) { Synced = old.Synced, Deadline = old.Deadline };
        member.Assign(old.Assignment);
        _members.Add(memberId, member);
        _instances[instanceId] = memberId;
        return member;
    }

    public void Remove(GroupMember member)
    {
        _members.Remove(member.Id);
        member.Gone();
        if (member.Joined.InstanceId is { } instance && _instances.GetValueOrDefault(instance) == member.Id)
        {
            _instances.Remove(instance);
        }
    }
}
