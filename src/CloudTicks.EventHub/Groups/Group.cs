using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>
/// The state machine of one consumer group, without threads or timers: a loop calls it with the time, one call after another, and calls
/// <see cref="Advance"/> when <see cref="NextDeadline"/> is reached. It stores its <see cref="Image"/> when there are
/// <see cref="Changes"/>.
/// </summary>
internal sealed class Group
{
    private readonly ILogger _logger;
    private readonly GroupMembership _members;
    private readonly GroupRebalance _rebalance;
    private readonly GroupJoin _join;

    public Group(string id, GroupMemory memory, GroupTiming timing, ILogger logger)
    {
        Id = id;
        _logger = logger;
        _members = new GroupMembership(memory);
        _rebalance = new GroupRebalance(id, _members, Changes, timing.InitialDelay, logger);
        _join = new GroupJoin(_members, _rebalance, Changes, timing);
    }

    public string Id { get; }

    public GroupState State => _rebalance.State;

    public int Generation => _rebalance.Generation;

    public string ProtocolType => _members.ProtocolType;

    public string Protocol => _rebalance.Protocol;

    public string Leader => _rebalance.Leader;

    public IReadOnlyCollection<GroupMember> Members => _members.All;

    /// <summary>What is to be stored. Heartbeats, commits and joins change nothing that is; assignments and leaving do.</summary>
    public GroupChanges Changes { get; } = new();

    /// <summary>True when nobody is in it, or about to be.</summary>
    public bool Deserted => _members.All.Count == 0 && !_members.ExpectsSomeone;

    /// <summary>True when nothing would be lost with this object.</summary>
    public bool Idle => Deserted && Changes.Settled;

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public DateTimeOffset? NextDeadline =>
        _members.Deadlines.Select(d => (DateTimeOffset?)d).Append(_rebalance.Deadline).Append(_rebalance.GathersUntil).Min();

    /// <summary>What a restart of the hub is to find.</summary>
    public GroupSnapshot Image() =>
        new(Id, Generation, ProtocolType, Protocol, Leader, _rebalance.Assigned, [.. _members.All.Select(m => m.Image())]);

    /// <summary>Goes on from what a run of the hub before stored; each member has its whole session timeout from now on.</summary>
    public void Restore(GroupSnapshot image, DateTimeOffset now)
    {
        _members.Restore(image, now);
        _rebalance.Restore(image, now);
    }

    /// <summary>A member, or someone who wants to be one, joins; the answer may come later.</summary>
    public void Join(JoinRequest request, DateTimeOffset now, Action<JoinResponse> answer) => _join.Join(request, now, answer);

    /// <summary>A member asks for its assignment; the leader brings everyone's.</summary>
    public void Sync(
        string memberId, string? instanceId, int generation, IReadOnlyDictionary<string, byte[]> assignments, DateTimeOffset now,
        Action<SyncResponse> answer) =>
        _rebalance.Sync(memberId, instanceId, generation, assignments, now, answer);

    public ErrorCode Heartbeat(string memberId, string? instanceId, int generation, DateTimeOffset now)
    {
        var error = _rebalance.Check(memberId, instanceId, generation);
        if (error != ErrorCode.None)
        {
            return error;
        }

        _members[memberId].Deadline = now + _members[memberId].Joined.SessionTimeout;
        return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>Whether a commit may be made; it counts as a sign of life.</summary>
    public ErrorCode CheckCommit(string memberId, string? instanceId, int generation, DateTimeOffset now)
    {
        if (generation < 0 && State == GroupState.Empty)
        {
            return ErrorCode.None;
        }

        var error = _rebalance.Check(memberId, instanceId, generation);
        if (error != ErrorCode.None)
        {
            return error;
        }

        _members[memberId].Deadline = now + _members[memberId].Joined.SessionTimeout;
        return State == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>A member goes; a static one may be named by its instance alone.</summary>
    public ErrorCode Leave(string memberId, string? instanceId, DateTimeOffset now)
    {
        if (memberId.Length == 0 && instanceId is not null)
        {
            memberId = _members.MemberOf(instanceId) ?? memberId;
        }

        if (_members.ExpectNoMore(memberId))
        {
            _rebalance.CompleteJoins(now);
            return ErrorCode.None;
        }

        var error = _members.Check(memberId, instanceId);
        if (error == ErrorCode.None)
        {
            Remove(_members[memberId], now);
        }

        return error;
    }

    /// <summary>Removes who is overdue and ends a rebalance that has lasted too long.</summary>
    public void Advance(DateTimeOffset now)
    {
        _members.ForgetOverdue(now);
        Expire(m => !m.Parked && m.Deadline <= now, now);
        if (State == GroupState.PreparingRebalance)
        {
            if (_rebalance.Deadline <= now)
            {
                _members.ExpectNobody();
                Expire(m => m.ParkedJoin is null, now);
            }

            _rebalance.CompleteJoins(now);
        }
        else if (State == GroupState.CompletingRebalance && _rebalance.Deadline <= now)
        {
            Expire(m => !m.Synced, now);
        }
    }

    private void Expire(Func<GroupMember, bool> silent, DateTimeOffset now)
    {
        foreach (var member in _members.All.Where(silent).ToList())
        {
            _logger.MemberExpired(Id, member.Id);
            Remove(member, now);
        }
    }

    private void Remove(GroupMember member, DateTimeOffset now)
    {
        _members.Remove(member);
        Changes.Note();
        member.ParkedJoin?.Invoke(JoinResponse.Refused(ErrorCode.UnknownMemberId, member.Id));
        member.ParkedSync?.Invoke(new SyncResponse(ErrorCode.UnknownMemberId, []));
        _rebalance.Begin(now);
    }
}
