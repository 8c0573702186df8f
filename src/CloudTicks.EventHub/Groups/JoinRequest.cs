using System.Text;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>A protocol that a member supports, with the metadata that the member sends for it.</summary>
internal sealed record MemberProtocol(string Name, byte[] Metadata);

/// <param name="SessionTimeout">The time without a heartbeat after which the member is removed.</param>
/// <param name="RebalanceTimeout">The time that the group waits for the member to rejoin.</param>
/// <param name="Protocols">In the member's order of preference.</param>
/// <param name="IdRequired">True when a new member must join again with its assigned id.</param>
internal sealed record JoinRequest(
    string MemberId, string? InstanceId, string ClientId, string ClientHost, TimeSpan SessionTimeout, TimeSpan RebalanceTimeout,
    string ProtocolType, IReadOnlyList<MemberProtocol> Protocols, bool IdRequired)
{
    /// <summary>The bytes of the request's strings and metadata, which approximate its size in memory and on disk.</summary>
    public long Bytes => Size(MemberId) + Size(InstanceId) + Size(ClientId) + Size(ClientHost) + Size(ProtocolType)
        + Protocols.Sum(static p => Size(p.Name) + p.Metadata.Length);

    private static long Size(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}

/// <summary>The response to a join; only the leader receives the members.</summary>
internal sealed record JoinResponse(
    ErrorCode Error, int Generation, string Protocol, string Leader, string MemberId,
    IReadOnlyList<(string MemberId, string? InstanceId, byte[] Metadata)> Members)
{
    public static JoinResponse Refused(ErrorCode error, string memberId) => new(error, -1, "", "", memberId, []);
}

internal sealed record SyncResponse(ErrorCode Error, byte[] Assignment);
