using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>The rebalance protocol of a group: from the request to rejoin, through all joins and syncs, to the assignment.</summary>
internal sealed class GroupRebalance(string group, GroupMembership members, GroupChanges changes, TimeSpan initialDelay, ILogger logger)
{
    private DateTimeOffset _deadline;

    /// <summary>True when the leader has sent this generation's assignments; the members receive them once they are stored.</summary>
    private bool _isAssigned;

    public GroupState State { get; private set; }

    public int Generation { get; private set; }

    public string Protocol { get; private set; } = "";

    public string Leader { get; private set; } = "";

    /// <summary>The time at which the group stops waiting for missing joins or syncs; null when it does not wait.</summary>
    public DateTimeOffset? Deadline => State is GroupState.PreparingRebalance or GroupState.CompletingRebalance ? _deadline : null;

    /// <summary>The time until which the first members wait for more members; null when they do not wait.</summary>
    public DateTimeOffset? JoinWindowEnd { get; private set; }

    /// <summary>True when this generation's assignments are known, although they may not be durable yet.</summary>
    public bool Assigned => State == GroupState.Stable || (State == GroupState.CompletingRebalance && _isAssigned);

    // An assignment of the consumer protocol: version 0, no topics, no user data.
    private static byte[] EmptyAssignment => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public ErrorCode Check(string memberId, string? instanceId, int generation)
    {
        var error = members.Check(memberId, instanceId);
        return error == ErrorCode.None && generation != Generation ? ErrorCode.IllegalGeneration : error;
    }

    /// <summary>Asks all members to rejoin. If all of them have already joined, the next generation starts at once.</summary>
    public void Begin(DateTimeOffset now)
    {
        if (State != GroupState.PreparingRebalance)
        {
            JoinWindowEnd = State == GroupState.Empty && initialDelay > TimeSpan.Zero ? now : null;
            State = GroupState.PreparingRebalance;
            _deadline = now + MaxRebalanceTimeout();
            CompleteSyncs(ErrorCode.RebalanceInProgress, now);
        }

        if (JoinWindowEnd is not null)
        {
            JoinWindowEnd = now + initialDelay < _deadline ? now + initialDelay : _deadline;
        }

        CompleteJoins(now);
    }

    /// <summary>Starts the next generation when all members have joined.</summary>
    public void CompleteJoins(DateTimeOffset now)
    {
        if (State != GroupState.PreparingRebalance)
        {
            return;
        }

        if (members.All.Count == 0)
        {
            State = GroupState.Empty;
            JoinWindowEnd = null;
            (Leader, Protocol) = ("", "");
            Generation++;
            changes.Add();
            return;
        }

        if (members.All.Any(m => m.ParkedJoin is null) || members.HasExpected || now < JoinWindowEnd)
        {
            return;
        }

        JoinWindowEnd = null;
        Generation++;
        Leader = members.Has(Leader) ? Leader : members.All.First().Id;
        Protocol = Vote();
        State = GroupState.CompletingRebalance;
        _isAssigned = false;
        _deadline = now + MaxRebalanceTimeout();
        logger.Rebalanced(group, Generation, members.All.Count);
        foreach (var member in members.All)
        {
            member.HasSynced = false;
            member.Deadline = now + member.LastJoin.SessionTimeout;
            var respond = member.ParkedJoin!;
            member.ParkedJoin = null;
            respond(ResponseFor(member));
        }
    }

    /// <summary>Handles a member's request for its assignment; the leader's request contains all assignments.</summary>
    public void Sync(
        string memberId, string? instanceId, int generation, IReadOnlyDictionary<string, byte[]> assignments, DateTimeOffset now,
        Action<SyncResponse> respond)
    {
        var error = Check(memberId, instanceId, generation);
        if (error == ErrorCode.None && State == GroupState.PreparingRebalance)
        {
            error = ErrorCode.RebalanceInProgress;
        }

        if (error != ErrorCode.None)
        {
            respond(new SyncResponse(error, []));
            return;
        }

        var member = members[memberId];
        member.HasSynced = true;
        if (State == GroupState.Stable)
        {
            member.Deadline = now + member.LastJoin.SessionTimeout;
            respond(new SyncResponse(ErrorCode.None, member.Assignment));
            return;
        }

        member.ParkedSync = respond;
        if (memberId == Leader && !_isAssigned)
        {
            foreach (var other in members.All)
            {
                other.Assign(assignments.TryGetValue(other.Id, out var assignment) ? assignment : EmptyAssignment);
            }

            _isAssigned = true;
            changes.Add();
            changes.WhenStored(now, stored => Complete(generation, stored));
        }
    }

    /// <summary>Restores the state from a snapshot.</summary>
    public void Restore(GroupSnapshot snapshot, DateTimeOffset now)
    {
        (Generation, Protocol, Leader) = (snapshot.Generation, snapshot.Protocol, snapshot.Leader);
        State = snapshot.Members.Count == 0 ? GroupState.Empty : snapshot.Stable ? GroupState.Stable : GroupState.PreparingRebalance;
        _deadline = now + MaxRebalanceTimeout();
    }

    /// <summary>Makes the new process of a member the leader if the old process was the leader.</summary>
    public void ReplaceLeader(string oldMemberId, string memberId)
    {
        if (Leader == oldMemberId)
        {
            Leader = memberId;
        }
    }

    /// <summary>The response to a join, for the current generation.</summary>
    public JoinResponse ResponseFor(GroupMember member) => new(
        ErrorCode.None, Generation, Protocol, Leader, member.Id,
        member.Id == Leader ? [.. members.All.Select(m => (m.Id, m.LastJoin.InstanceId, m.MetadataFor(Protocol)))] : []);

    /// <summary>Sends the stored assignments to the members, unless the next rebalance has started.</summary>
    private void Complete(int generation, DateTimeOffset now)
    {
        if (State == GroupState.CompletingRebalance && generation == Generation)
        {
            State = GroupState.Stable;
            CompleteSyncs(ErrorCode.None, now);
        }
    }

    private TimeSpan MaxRebalanceTimeout() => members.All.Count == 0 ? TimeSpan.Zero : members.All.Max(m => m.LastJoin.RebalanceTimeout);

    /// <summary>
    /// Chooses the protocol with the most votes: each member votes for its first protocol among those that all members support.
    /// </summary>
    private string Vote() => members.All
        .Select(m => m.LastJoin.Protocols.First(p => members.All.All(o => o.LastJoin.Protocols.Any(q => q.Name == p.Name))).Name)
        .GroupBy(name => name, StringComparer.Ordinal).MaxBy(votes => votes.Count())!.Key;

    private void CompleteSyncs(ErrorCode error, DateTimeOffset now)
    {
        foreach (var member in members.All)
        {
            if (member.ParkedSync is { } respond)
            {
                member.ParkedSync = null;
                member.Deadline = now + member.LastJoin.SessionTimeout;
                respond(new SyncResponse(error, error == ErrorCode.None ? member.Assignment : []));
            }
        }
    }
}
