using CloudTicks.EventHub.Hosting;
using CloudTicks.EventHub.Protocol;

namespace CloudTicks.EventHub.Groups;

/// <summary>
/// The state machine of one consumer group, without threads or timers: a loop calls it with the time, one call after another, and calls
/// <see cref="Advance"/> when <see cref="NextDeadline"/> is reached.
/// </summary>
internal sealed class Group(string id, ILogger logger)
{
    private static readonly TimeSpan LeastSessionTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan MostSessionTimeout = TimeSpan.FromMinutes(30);
    private const int MaxMembers = 1000;

    private readonly Dictionary<string, GroupMember> _members = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _expected = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _instances = new(StringComparer.Ordinal);
    private DateTimeOffset _rebalanceDeadline;

    public string Id => id;

    public GroupState State { get; private set; }

    public int Generation { get; private set; }

    public string ProtocolType { get; private set; } = "";

    public string Protocol { get; private set; } = "";

    public string Leader { get; private set; } = "";

    public IReadOnlyCollection<GroupMember> Members => _members.Values;

    /// <summary>True when nothing would be lost with this object.</summary>
    public bool Idle => _members.Count == 0 && _expected.Count == 0;

    /// <summary>When <see cref="Advance"/> has something to do.</summary>
    public DateTimeOffset? NextDeadline
    {
        get
        {
            var deadlines = _members.Values.Where(m => !m.Parked).Select(m => m.Deadline).Concat(_expected.Values);
            if (State is GroupState.PreparingRebalance or GroupState.CompletingRebalance)
            {
                deadlines = deadlines.Append(_rebalanceDeadline);
            }

            return deadlines.Select(d => (DateTimeOffset?)d).Min();
        }
    }

    /// <summary>A member, or someone who wants to be one, joins; the answer may come later.</summary>
    public void Join(JoinRequest request, DateTimeOffset now, Action<JoinAnswer> answer)
    {
        if (request.SessionTimeout < LeastSessionTimeout || request.SessionTimeout > MostSessionTimeout)
        {
            answer(JoinAnswer.Refused(ErrorCode.InvalidSessionTimeout, request.MemberId));
        }
        else if (!Suits(request))
        {
            answer(JoinAnswer.Refused(ErrorCode.InconsistentGroupProtocol, request.MemberId));
        }
        else if (request.MemberId.Length == 0)
        {
            JoinAsNewcomer(request, now, answer);
        }
        else if (_expected.Remove(request.MemberId))
        {
            Add(request.MemberId, request, now, answer);
        }
        else if (Check(request.MemberId, request.InstanceId) is var error and not ErrorCode.None)
        {
            answer(JoinAnswer.Refused(error, request.MemberId));
        }
        else
        {
            Rejoin(_members[request.MemberId], request, now, answer);
        }
    }

    /// <summary>A member asks for its assignment; the leader brings everyone's.</summary>
    public void Sync(
        string memberId, string? instanceId, int generation, IReadOnlyDictionary<string, byte[]> assignments, DateTimeOffset now, Action<SyncAnswer> answer)
    {
        var error = Check(memberId, instanceId, generation);
        if (error == ErrorCode.None && State == GroupState.PreparingRebalance)
        {
            error = ErrorCode.RebalanceInProgress;
        }

        if (error != ErrorCode.None)
        {
            answer(new SyncAnswer(error, []));
            return;
        }

        var member = _members[memberId];
        member.Synced = true;
        if (State == GroupState.Stable)
        {
            member.Deadline = now + member.Joined.SessionTimeout;
            answer(new SyncAnswer(ErrorCode.None, member.Assignment));
            return;
        }

        member.ParkedSync = answer;
        if (memberId == Leader)
        {
            foreach (var other in _members.Values)
            {
                other.Assignment = assignments.TryGetValue(other.Id, out var assignment) ? assignment : EmptyAssignment;
            }

            State = GroupState.Stable;
            AnswerSyncs(ErrorCode.None, now);
        }
    }

    public ErrorCode Heartbeat(string memberId, string? instanceId, int generation, DateTimeOffset now)
    {
        var error = Check(memberId, instanceId, generation);
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
        if (generation < 0 && memberId.Length == 0 && State == GroupState.Empty)
        {
            return ErrorCode.None;
        }

        var error = Check(memberId, instanceId, generation);
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
        if (memberId.Length == 0 && instanceId is not null && _instances.TryGetValue(instanceId, out var known))
        {
            memberId = known;
        }

        if (_expected.Remove(memberId))
        {
            CompleteJoins(now);
            return ErrorCode.None;
        }

        var error = Check(memberId, instanceId);
        if (error == ErrorCode.None)
        {
            Remove(_members[memberId], now);
        }

        return error;
    }

    /// <summary>Removes who is overdue and ends a rebalance that has lasted too long.</summary>
    public void Advance(DateTimeOffset now)
    {
        foreach (var (memberId, deadline) in _expected.ToList())
        {
            if (deadline <= now)
            {
                _expected.Remove(memberId);
            }
        }

        foreach (var member in _members.Values.Where(m => !m.Parked && m.Deadline <= now).ToList())
        {
            logger.MemberExpired(id, member.Id);
            Remove(member, now);
        }

        if (State == GroupState.PreparingRebalance)
        {
            if (_rebalanceDeadline <= now)
            {
                _expected.Clear();
                RemoveSilent(m => m.ParkedJoin is null, now);
            }

            CompleteJoins(now);
        }
        else if (State == GroupState.CompletingRebalance && _rebalanceDeadline <= now)
        {
            RemoveSilent(m => !m.Synced, now);
        }
    }

    // An assignment of the consumer protocol: version 0, no topics, no user data.
    private static byte[] EmptyAssignment => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    private bool Suits(JoinRequest request)
    {
        if (request.ProtocolType.Length == 0 || request.Protocols.Count == 0)
        {
            return false;
        }

        var others = _members.Values.Where(m => m.Id != request.MemberId && (request.InstanceId is null || m.Joined.InstanceId != request.InstanceId)).ToList();
        return others.Count == 0
            || (request.ProtocolType == ProtocolType
                && request.Protocols.Any(p => others.All(o => o.Joined.Protocols.Any(q => q.Name == p.Name))));
    }

    private ErrorCode Check(string memberId, string? instanceId)
    {
        if (instanceId is not null && _instances.TryGetValue(instanceId, out var known) && known != memberId)
        {
            return ErrorCode.FencedInstanceId;
        }

        return _members.ContainsKey(memberId) ? ErrorCode.None : ErrorCode.UnknownMemberId;
    }

    private ErrorCode Check(string memberId, string? instanceId, int generation)
    {
        var error = Check(memberId, instanceId);
        return error == ErrorCode.None && generation != Generation ? ErrorCode.IllegalGeneration : error;
    }

    private void JoinAsNewcomer(JoinRequest request, DateTimeOffset now, Action<JoinAnswer> answer)
    {
        if (_members.Count + _expected.Count >= MaxMembers)
        {
            answer(JoinAnswer.Refused(ErrorCode.GroupMaxSizeReached, ""));
            return;
        }

        var memberId = $"{request.InstanceId ?? request.ClientId}-{Guid.NewGuid():N}";
        if (request.InstanceId is { } instance && _instances.TryGetValue(instance, out var known))
        {
            Replace(_members[known], memberId, request, now, answer);
        }
        else if (request.InstanceId is null && request.IdRequired)
        {
            _expected[memberId] = now + request.SessionTimeout;
            answer(JoinAnswer.Refused(ErrorCode.MemberIdRequired, memberId));
        }
        else
        {
            Add(memberId, request, now, answer);
        }
    }

    /// <summary>A static member came back as a new process: it takes its old place, and the old process is fenced.</summary>
    private void Replace(GroupMember old, string memberId, JoinRequest request, DateTimeOffset now, Action<JoinAnswer> answer)
    {
        old.ParkedJoin?.Invoke(JoinAnswer.Refused(ErrorCode.FencedInstanceId, old.Id));
        old.ParkedSync?.Invoke(new SyncAnswer(ErrorCode.FencedInstanceId, []));
        _members.Remove(old.Id);
        var member = new GroupMember(memberId, old.Joined) { Assignment = old.Assignment };
        _members.Add(memberId, member);
        _instances[request.InstanceId!] = memberId;
        if (Leader == old.Id)
        {
            Leader = memberId;
        }

        Rejoin(member, request, now, answer);
    }

    private void Add(string memberId, JoinRequest request, DateTimeOffset now, Action<JoinAnswer> answer)
    {
        var member = new GroupMember(memberId, request) { ParkedJoin = answer };
        if (_members.Count == 0)
        {
            ProtocolType = request.ProtocolType;
        }

        _members.Add(memberId, member);
        if (request.InstanceId is { } instance)
        {
            _instances[instance] = memberId;
        }

        Rebalance(now);
    }

    private void Rejoin(GroupMember member, JoinRequest request, DateTimeOffset now, Action<JoinAnswer> answer)
    {
        member.ParkedJoin?.Invoke(JoinAnswer.Refused(ErrorCode.RebalanceInProgress, member.Id));
        member.ParkedJoin = null;
        var same = member.SaysTheSame(request);
        member.Joined = request;
        var stays = State switch
        {
            GroupState.Stable => same && member.Id != Leader,
            GroupState.CompletingRebalance => same,
            _ => false,
        };
        if (stays)
        {
            member.Deadline = now + request.SessionTimeout;
            answer(AnswerTo(member));
            return;
        }

        member.ParkedJoin = answer;
        Rebalance(now);
    }

    private void Remove(GroupMember member, DateTimeOffset now)
    {
        _members.Remove(member.Id);
        if (member.Joined.InstanceId is { } instance && _instances.GetValueOrDefault(instance) == member.Id)
        {
            _instances.Remove(instance);
        }

        member.ParkedJoin?.Invoke(JoinAnswer.Refused(ErrorCode.UnknownMemberId, member.Id));
        member.ParkedSync?.Invoke(new SyncAnswer(ErrorCode.UnknownMemberId, []));
        Rebalance(now);
    }

    private void RemoveSilent(Func<GroupMember, bool> silent, DateTimeOffset now)
    {
        foreach (var member in _members.Values.Where(silent).ToList())
        {
            logger.MemberExpired(id, member.Id);
            Remove(member, now);
        }
    }

    /// <summary>Asks everyone to join again, and goes on at once when all have.</summary>
    private void Rebalance(DateTimeOffset now)
    {
        if (State != GroupState.PreparingRebalance)
        {
            State = GroupState.PreparingRebalance;
            _rebalanceDeadline = now + LongestRebalance();
            AnswerSyncs(ErrorCode.RebalanceInProgress, now);
        }

        CompleteJoins(now);
    }

    private void CompleteJoins(DateTimeOffset now)
    {
        if (State != GroupState.PreparingRebalance)
        {
            return;
        }

        if (_members.Count == 0)
        {
            State = GroupState.Empty;
            (Leader, Protocol) = ("", "");
            Generation++;
            return;
        }

        if (_members.Values.Any(m => m.ParkedJoin is null) || _expected.Count > 0)
        {
            return;
        }

        Generation++;
        Leader = _members.ContainsKey(Leader) ? Leader : _members.Keys.First();
        Protocol = Vote();
        State = GroupState.CompletingRebalance;
        _rebalanceDeadline = now + LongestRebalance();
        logger.Rebalanced(id, Generation, _members.Count);
        foreach (var member in _members.Values)
        {
            member.Synced = false;
            member.Deadline = now + member.Joined.SessionTimeout;
            var answer = member.ParkedJoin!;
            member.ParkedJoin = null;
            answer(AnswerTo(member));
        }
    }

    private TimeSpan LongestRebalance() => _members.Count == 0 ? TimeSpan.Zero : _members.Values.Max(m => m.Joined.RebalanceTimeout);

    /// <summary>Each member votes for the first it likes among the protocols that all can follow.</summary>
    private string Vote() => _members.Values
        .Select(m => m.Joined.Protocols.First(p => _members.Values.All(o => o.Joined.Protocols.Any(q => q.Name == p.Name))).Name)
        .GroupBy(name => name, StringComparer.Ordinal).MaxBy(votes => votes.Count())!.Key;

    private JoinAnswer AnswerTo(GroupMember member) => new(
        ErrorCode.None, Generation, Protocol, Leader, member.Id,
        member.Id == Leader ? [.. _members.Values.Select(m => (m.Id, m.Joined.InstanceId, m.MetadataFor(Protocol)))] : []);

    private void AnswerSyncs(ErrorCode error, DateTimeOffset now)
    {
        foreach (var member in _members.Values)
        {
            if (member.ParkedSync is { } answer)
            {
                member.ParkedSync = null;
                member.Deadline = now + member.Joined.SessionTimeout;
                answer(new SyncAnswer(error, error == ErrorCode.None ? member.Assignment : []));
            }
        }
    }
}
