using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Groups;

/// <summary>The state of a group that survives a restart of the event hub.</summary>
/// <param name="Stable">True when the members have this generation's assignments; otherwise they must join again.</param>
internal sealed record GroupSnapshot(
    string Id, int Generation, string ProtocolType, string Protocol, string Leader, bool Stable, IReadOnlyList<MemberSnapshot> Members)
{
    public const int MinBytes = 17;

    public static void Write(WireWriter writer, GroupSnapshot group)
    {
        writer.WriteString(group.Id);
        writer.WriteInt32(group.Generation);
        writer.WriteString(group.ProtocolType);
        writer.WriteString(group.Protocol);
        writer.WriteString(group.Leader);
        writer.WriteBoolean(group.Stable);
        writer.WriteArray(group.Members, static (w, member) => MemberSnapshot.Write(w, member));
    }

    public static GroupSnapshot Read(ref WireReader reader)
    {
        var (id, generation, type, protocol, leader, stable) = (
            reader.ReadString(), reader.ReadInt32(), reader.ReadString(), reader.ReadString(), reader.ReadString(), reader.ReadBoolean());
        var members = new List<MemberSnapshot>();
        for (var count = reader.ReadArrayLength(MemberSnapshot.MinBytes); count > 0; count--)
        {
            members.Add(MemberSnapshot.Read(ref reader));
        }

        return new GroupSnapshot(id, generation, type, protocol, leader, stable, members);
    }
}

internal sealed record MemberSnapshot(string Id, JoinRequest LastJoin, byte[] Assignment)
{
    public const int MinBytes = 26;

    public static void Write(WireWriter writer, MemberSnapshot member)
    {
        writer.WriteString(member.Id);
        writer.WriteString(member.LastJoin.InstanceId);
        writer.WriteString(member.LastJoin.ClientId);
        writer.WriteString(member.LastJoin.ClientHost);
        writer.WriteInt32((int)member.LastJoin.SessionTimeout.TotalMilliseconds);
        writer.WriteInt32((int)member.LastJoin.RebalanceTimeout.TotalMilliseconds);
        writer.WriteString(member.LastJoin.ProtocolType);
        writer.WriteArray(member.LastJoin.Protocols, static (w, protocol) =>
        {
            w.WriteString(protocol.Name);
            w.WriteBytes(protocol.Metadata);
        });
        writer.WriteBytes(member.Assignment);
    }

    public static MemberSnapshot Read(ref WireReader reader)
    {
        var (id, instance, client, host) = (reader.ReadString(), reader.ReadNullableString(), reader.ReadString(), reader.ReadString());
        var (session, rebalance, type) = (
            TimeSpan.FromMilliseconds(reader.ReadInt32()), TimeSpan.FromMilliseconds(reader.ReadInt32()), reader.ReadString());
        var protocols = new List<MemberProtocol>();
        for (var count = reader.ReadArrayLength(6); count > 0; count--)
        {
            protocols.Add(new MemberProtocol(reader.ReadString(), reader.ReadBytes()));
        }

        return new MemberSnapshot(
            id, new JoinRequest(id, instance, client, host, session, rebalance, type, protocols, IdRequired: false), reader.ReadBytes());
    }
}
