using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>Handles the joins of new members, of existing members, and of static members in a new process.</summary>
internal sealed class GroupJoin(GroupMembership members, GroupRebalance rebalance, GroupChanges changes, GroupTiming timing)
{
    private const int MaxIdPrefixLength = 255;

    /// <summary>Handles a member that joins or rejoins; the response may be sent later.</summary>
    public void Join(JoinRequest request, DateTimeOffset now, Action<JoinResponse> respond)
    {
        if (request.SessionTimeout < timing.MinSessionTimeout || request.SessionTimeout > timing.MaxSessionTimeout)
        {
            respond(JoinResponse.Refused(ErrorCode.InvalidSessionTimeout, request.MemberId));
        }
        else if (!members.IsCompatible(request))
        {
            respond(JoinResponse.Refused(ErrorCode.InconsistentGroupProtocol, request.MemberId));
        }
        else if (!members.HasRoomFor(request))
        {
            respond(JoinResponse.Refused(ErrorCode.GroupMaxSizeReached, request.MemberId));
        }
        else if (request.MemberId.Length == 0)
        {
            JoinAsNewMember(request, now, respond);
        }
        else if (members.TryRemoveExpected(request.MemberId))
        {
            Add(request.MemberId, request, now, respond);
        }
        else if (members.Check(request.MemberId, request.InstanceId) is var error and not ErrorCode.None)
        {
            respond(JoinResponse.Refused(error, request.MemberId));
        }
        else
        {
            Rejoin(members[request.MemberId], request, now, respond);
        }
    }

    private void JoinAsNewMember(JoinRequest request, DateTimeOffset now, Action<JoinResponse> respond)
    {
        var name = request.InstanceId ?? request.ClientId;
        var memberId = $"{name[..Math.Min(name.Length, MaxIdPrefixLength)]}-{Guid.NewGuid():N}";
        if (request.InstanceId is { } instance && members.MemberOf(instance) is { } known)
        {
            Replace(members[known], memberId, request, now, respond);
        }
        else if (members.IsFull)
        {
            respond(JoinResponse.Refused(ErrorCode.GroupMaxSizeReached, ""));
        }
        else if (request.InstanceId is null && request.IdRequired)
        {
            members.Expect(memberId, now + request.SessionTimeout);
            respond(JoinResponse.Refused(ErrorCode.MemberIdRequired, memberId));
        }
        else
        {
            Add(memberId, request, now, respond);
        }
    }

    /// <summary>
    /// Replaces the old process of a static member with the new process. The old process is fenced at once; the new process gets its
    /// response once its id is stored.
    /// </summary>
    private void Replace(GroupMember old, string memberId, JoinRequest request, DateTimeOffset now, Action<JoinResponse> respond)
    {
        old.ParkedJoin?.Invoke(JoinResponse.Refused(ErrorCode.FencedInstanceId, old.Id));
        old.ParkedSync?.Invoke(new SyncResponse(ErrorCode.FencedInstanceId, []));
        var leader = rebalance.Leader;
        var member = members.Replace(old, memberId, request.InstanceId!);
        rebalance.ReplaceLeader(old.Id, memberId);
        changes.Add();
        if (rebalance.State == GroupState.Stable && member.HasSameSubscription(request, rebalance.Protocol))
        {
            // The response names the previous leader, so that the new process does not assign partitions. All members keep their
            // partitions.
            member.Update(request);
            member.Deadline = now + request.SessionTimeout;
            var response = rebalance.ResponseFor(member) with { Leader = leader, Members = [] };
            changes.WhenStored(now, _ => respond(response));
            return;
        }

        Rejoin(member, request, now, joined => changes.WhenStored(now, _ => respond(joined)));
    }

    private void Add(string memberId, JoinRequest request, DateTimeOffset now, Action<JoinResponse> respond)
    {
        members.Add(memberId, request).ParkedJoin = respond;
        rebalance.Begin(now);
    }

    private void Rejoin(GroupMember member, JoinRequest request, DateTimeOffset now, Action<JoinResponse> respond)
    {
        member.ParkedJoin?.Invoke(JoinResponse.Refused(ErrorCode.RebalanceInProgress, member.Id));
        member.ParkedJoin = null;
        var hasSameProtocols = member.HasSameProtocols(request);
        member.Update(request);
        var stays = rebalance.State switch
        {
            GroupState.Stable => hasSameProtocols && member.Id != rebalance.Leader,
            GroupState.CompletingRebalance => hasSameProtocols,
            _ => false,
        };
        if (stays)
        {
            member.Deadline = now + request.SessionTimeout;
            respond(rebalance.ResponseFor(member));
            return;
        }

        member.ParkedJoin = respond;
        rebalance.Begin(now);
    }
}
