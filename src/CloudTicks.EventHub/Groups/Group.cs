using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>
/// The state machine of one consumer group, without threads or timers. A loop makes one call at a time and passes the current time; it
/// calls <see cref="Advance"/> at <see cref="NextDeadline"/>. The loop stores <see cref="Snapshot"/> when there are <see cref="Changes"/>.
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

    /// <summary>
    /// Changes to be stored: assignments, removed members, and new ids of static members. Heartbeats and other joins are not stored;
    /// commits are stored separately.
    /// </summary>
    public GroupChanges Changes { get; } = new();

    /// <summary>True when the group has no member and expects none.</summary>
    public bool IsEmpty => _members.All.Count == 0 && !_members.HasExpected;

    /// <summary>True when the object can be dropped without losing state.</summary>
    public bool IsIdle => IsEmpty && Changes.IsSettled;

    /// <summary>The next time at which <see cref="Advance"/> must be called; null when no call is needed.</summary>
    public DateTimeOffset? NextDeadline =>
        _members.Deadlines.Select(d => (DateTimeOffset?)d).Append(_rebalance.Deadline).Append(_rebalance.JoinWindowEnd).Min();

    /// <summary>The state that a restart of the event hub needs.</summary>
    public GroupSnapshot Snapshot() =>
        new(Id, Generation, ProtocolType, Protocol, Leader, _rebalance.Assigned, [.. _members.All.Select(m => m.Snapshot())]);

    /// <summary>Restores the state of an earlier run; each member gets a full session timeout from now.</summary>
    public void Restore(GroupSnapshot snapshot, DateTimeOffset now)
    {
        _members.Restore(snapshot, now);
        _rebalance.Restore(snapshot, now);
    }

    /// <summary>Handles a member that joins or rejoins; the response may be sent later.</summary>
    public void Join(JoinRequest request, DateTimeOffset now, Action<JoinResponse> respond) => _join.Join(request, now, respond);

    /// <summary>Handles a member's request for its assignment; the leader's request contains all assignments.</summary>
    public void Sync(
        string memberId, string? instanceId, int generation, IReadOnlyDictionary<string, byte[]> assignments, DateTimeOffset now,
        Action<SyncResponse> respond) =>
        _rebalance.Sync(memberId, instanceId, generation, assignments, now, respond);

    public ErrorCode Heartbeat(string memberId, string? instanceId, int generation, DateTimeOffset now)
    {
        var error = _rebalance.Check(memberId, instanceId, generation);
        if (error != ErrorCode.None)
        {
            return error;
        }

        _members[memberId].Deadline = now + _members[memberId].LastJoin.SessionTimeout;
        return State == GroupState.PreparingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>Checks whether a commit is allowed; the commit counts as a heartbeat.</summary>
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

        _members[memberId].Deadline = now + _members[memberId].LastJoin.SessionTimeout;
        return State == GroupState.CompletingRebalance ? ErrorCode.RebalanceInProgress : ErrorCode.None;
    }

    /// <summary>Removes a member. A static member may be identified by its instance id alone.</summary>
    public ErrorCode Leave(string memberId, string? instanceId, DateTimeOffset now)
    {
        if (memberId.Length == 0 && instanceId is not null)
        {
            memberId = _members.MemberOf(instanceId) ?? memberId;
        }

        if (_members.TryRemoveExpected(memberId))
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

    /// <summary>
    /// Starts a rebalance if members subscribe to a new topic that the leader has not assigned. Clients detect only a changed number of
    /// partitions, so they do not notice a topic that was created after the leader's assignment.
    /// </summary>
    public void OnTopicCreated(string topic, DateTimeOffset now)
    {
        var isAssigned = _rebalance.Assigned && Members.Any(member => ConsumerAssignment.Has(topic, member.Assignment));
        if (State is GroupState.Stable or GroupState.CompletingRebalance && !isAssigned
            && GroupSubscriptions.Of(this).Topics.Contains(topic))
        {
            _rebalance.Begin(now);
        }
    }

    /// <summary>Removes members whose session has expired and ends a rebalance that takes too long.</summary>
    public void Advance(DateTimeOffset now)
    {
        _members.RemoveOverdueExpected(now);
        Expire(m => !m.IsParked && m.Deadline <= now, now);
        if (State == GroupState.PreparingRebalance)
        {
            if (_rebalance.Deadline <= now)
            {
                _members.ClearExpected();
                Expire(m => m.ParkedJoin is null, now);
            }

            _rebalance.CompleteJoins(now);
        }
        else if (State == GroupState.CompletingRebalance && _rebalance.Deadline <= now)
        {
            Expire(m => !m.HasSynced, now);
        }
    }

    private void Expire(Func<GroupMember, bool> isSilent, DateTimeOffset now)
    {
        foreach (var member in _members.All.Where(isSilent).ToList())
        {
            _logger.MemberExpired(Id, member.Id);
            Remove(member, now);
        }
    }

    private void Remove(GroupMember member, DateTimeOffset now)
    {
        _members.Remove(member);
        Changes.Add();
        member.ParkedJoin?.Invoke(JoinResponse.Refused(ErrorCode.UnknownMemberId, member.Id));
        member.ParkedSync?.Invoke(new SyncResponse(ErrorCode.UnknownMemberId, []));
        _rebalance.Begin(now);
    }
}
