using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>Where a group stands: from the call to join again, by all joins and syncs, to a generation's assignment.</summary>
internal sealed class GroupRebalance(string group, GroupMembership members, GroupChanges changes, TimeSpan initialDelay, ILogger logger)
{
    private DateTimeOffset _deadline;

    /// <summary>The leader has brought this generation's assignments; members are told when they are stored.</summary>
    private bool _assigned;

    public GroupState State { get; private set; }

    public int Generation { get; private set; }

    public string Protocol { get; private set; } = "";

    public string Leader { get; private set; } = "";

    /// <summary>When the others wait no longer for who has not joined or synced; null when they do not wait.</summary>
    public DateTimeOffset? Deadline => State is GroupState.PreparingRebalance or GroupState.CompletingRebalance ? _deadline : null;

    /// <summary>Until when the first members wait for more; null when they do not.</summary>
    public DateTimeOffset? GathersUntil { get; private set; }

    /// <summary>Every member has this generation's assignment, on disk or on its way there.</summary>
    public bool Assigned => State == GroupState.Stable || (State == GroupState.CompletingRebalance && _assigned);

    // An assignment of the consumer protocol: version 0, no topics, no user data.
    private static byte[] EmptyAssignment => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public ErrorCode Check(string memberId, string? instanceId, int generation)
    {
        var error = members.Check(memberId, instanceId);
        return error == ErrorCode.None && generation != Generation ? ErrorCode.IllegalGeneration : error;
    }

    /// <summary>Asks everyone to join again, and goes on at once when all have.</summary>
    public void Begin(DateTimeOffset now)
    {
        if (State != GroupState.PreparingRebalance)
        {
            GathersUntil = State == GroupState.Empty && initialDelay > TimeSpan.Zero ? now : null;
            State = GroupState.PreparingRebalance;
            _deadline = now + LongestRebalance();
            AnswerSyncs(ErrorCode.RebalanceInProgress, now);
        }

        if (GathersUntil is not null)
        {
            GathersUntil = now + initialDelay < _deadline ? now + initialDelay : _deadline;
        }

        CompleteJoins(now);
    }

    /// <summary>Makes the next generation when all have joined.</summary>
    public void CompleteJoins(DateTimeOffset now)
    {
        if (State != GroupState.PreparingRebalance)
        {
            return;
        }

        if (members.All.Count == 0)
        {
            State = GroupState.Empty;
            GathersUntil = null;
            (Leader, Protocol) = ("", "");
            Generation++;
            changes.Note();
            return;
        }

        if (members.All.Any(m => m.ParkedJoin is null) || members.ExpectsSomeone || now < GathersUntil)
        {
            return;
        }

        GathersUntil = null;
        Generation++;
        Leader = members.Has(Leader) ? Leader : members.All.First().Id;
        Protocol = Vote();
        State = GroupState.CompletingRebalance;
        _assigned = false;
        _deadline = now + LongestRebalance();
        logger.Rebalanced(group, Generation, members.All.Count);
        foreach (var member in members.All)
        {
            member.Synced = false;
            member.Deadline = now + member.Joined.SessionTimeout;
            var answer = member.ParkedJoin!;
            member.ParkedJoin = null;
            answer(AnswerTo(member));
        }
    }

    /// <summary>A member asks for its assignment; the leader brings everyone's.</summary>
    public void Sync(
        string memberId, string? instanceId, int generation, IReadOnlyDictionary<string, byte[]> assignments, DateTimeOffset now,
        Action<SyncResponse> answer)
    {
        var error = Check(memberId, instanceId, generation);
        if (error == ErrorCode.None && State == GroupState.PreparingRebalance)
        {
            error = ErrorCode.RebalanceInProgress;
        }

        if (error != ErrorCode.None)
        {
            answer(new SyncResponse(error, []));
            return;
        }

        var member = members[memberId];
        member.Synced = true;
        if (State == GroupState.Stable)
        {
            member.Deadline = now + member.Joined.SessionTimeout;
            answer(new SyncResponse(ErrorCode.None, member.Assignment));
            return;
        }

        member.ParkedSync = answer;
        if (memberId == Leader && !_assigned)
        {
            foreach (var other in members.All)
            {
                other.Assign(assignments.TryGetValue(other.Id, out var assignment) ? assignment : EmptyAssignment);
            }

            _assigned = true;
            changes.Note();
            changes.WhenStored(now, stored => Complete(generation, stored));
        }
    }

    /// <summary>Goes on where the group stood when its image was stored.</summary>
    public void Restore(GroupSnapshot image, DateTimeOffset now)
    {
        (Generation, Protocol, Leader) = (image.Generation, image.Protocol, image.Leader);
        State = image.Members.Count == 0 ? GroupState.Empty : image.Stable ? GroupState.Stable : GroupState.PreparingRebalance;
        _deadline = now + LongestRebalance();
    }

    /// <summary>A member's process was replaced by another: if it led, that one leads.</summary>
    public void Succeed(string oldMemberId, string memberId)
    {
        if (Leader == oldMemberId)
        {
            Leader = memberId;
        }
    }

    /// <summary>What a member that joined is told of the present generation.</summary>
    public JoinResponse AnswerTo(GroupMember member) => new(
        ErrorCode.None, Generation, Protocol, Leader, member.Id,
        member.Id == Leader ? [.. members.All.Select(m => (m.Id, m.Joined.InstanceId, m.MetadataFor(Protocol)))] : []);

    /// <summary>The assignments are stored: members are told theirs, unless the next rebalance has begun.</summary>
    private void Complete(int generation, DateTimeOffset now)
    {
        if (State == GroupState.CompletingRebalance && generation == Generation)
        {
            State = GroupState.Stable;
            AnswerSyncs(ErrorCode.None, now);
        }
    }

    private TimeSpan LongestRebalance() => members.All.Count == 0 ? TimeSpan.Zero : members.All.Max(m => m.Joined.RebalanceTimeout);

    /// <summary>Each member votes for the first it likes among the protocols that all can follow.</summary>
    private string Vote() => members.All
        .Select(m => m.Joined.Protocols.First(p => members.All.All(o => o.Joined.Protocols.Any(q => q.Name == p.Name))).Name)
        .GroupBy(name => name, StringComparer.Ordinal).MaxBy(votes => votes.Count())!.Key;

    private void AnswerSyncs(ErrorCode error, DateTimeOffset now)
    {
        foreach (var member in members.All)
        {
            if (member.ParkedSync is { } answer)
            {
                member.ParkedSync = null;
                member.Deadline = now + member.Joined.SessionTimeout;
                answer(new SyncResponse(error, error == ErrorCode.None ? member.Assignment : []));
            }
        }
    }
}
