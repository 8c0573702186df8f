using System.Text;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>A protocol that a member can follow, with what it says about itself in it.</summary>
internal sealed record MemberProtocol(string Name, byte[] Metadata);

/// <param name="SessionTimeout">The member goes when it is silent for this long.</param>
/// <param name="RebalanceTimeout">How long the others wait for it to join again.</param>
/// <param name="Protocols">In the member's order of preference.</param>
/// <param name="IdRequired">True when a newcomer must come back with the id it is given.</param>
internal sealed record JoinRequest(
    string MemberId, string? InstanceId, string ClientId, string ClientHost, TimeSpan SessionTimeout, TimeSpan RebalanceTimeout,
    string ProtocolType, IReadOnlyList<MemberProtocol> Protocols, bool IdRequired)
{
    /// <summary>What it takes up in memory, and on disk at most.</summary>
    public long Bytes => Size(MemberId) + Size(InstanceId) + Size(ClientId) + Size(ClientHost) + Size(ProtocolType)
        + Protocols.Sum(static p => Size(p.Name) + p.Metadata.Length);

    private static long Size(string? text) => text is null ? 0 : Encoding.UTF8.GetByteCount(text);
}

/// <summary>The answer to a join; only the leader is told the members.</summary>
internal sealed record JoinResponse(
    ErrorCode Error, int Generation, string Protocol, string Leader, string MemberId,
    IReadOnlyList<(string MemberId, string? InstanceId, byte[] Metadata)> Members)
{
    public static JoinResponse Refused(ErrorCode error, string memberId) => new(error, -1, "", "", memberId, []);
}

internal sealed record SyncResponse(ErrorCode Error, byte[] Assignment);
