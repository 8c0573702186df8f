using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>The requests that tools send about groups.</summary>
internal static class GroupCalls
{
    public static async Task<DescribedGroup> DescribeGroupAsync(this WireClient client, string group)
    {
        var response = await client.CallAsync(ApiKey.DescribeGroups, 4, w =>
        {
            w.WriteInt32(1);
            w.WriteString(group);
            w.WriteBoolean(false);
        });
        var reader = new WireReader(response);
        reader.ReadInt32();
        reader.ReadInt32().ShouldBe(1);
        reader.ReadInt16().ShouldBe((short)0);
        reader.ReadString().ShouldBe(group);
        var (state, type, protocol) = (reader.ReadString(), reader.ReadString(), reader.ReadString());
        var members = new List<DescribedMember>();
        for (var count = reader.ReadArrayLength(1); count > 0; count--)
        {
            members.Add(new DescribedMember(
                reader.ReadString(), reader.ReadNullableString(), reader.ReadString(), reader.ReadString(), reader.ReadBytes(),
                reader.ReadBytes()));
        }

        return new DescribedGroup(state, type, protocol, members);
    }

    public static async Task<IReadOnlyDictionary<string, string>> ListGroupsAsync(this WireClient client)
    {
        var reader = new WireReader(await client.CallAsync(ApiKey.ListGroups, 2, static _ => { }));
        reader.ReadInt32();
        reader.ReadInt16().ShouldBe((short)0);
        var groups = new Dictionary<string, string>();
        for (var count = reader.ReadArrayLength(1); count > 0; count--)
        {
            groups.Add(reader.ReadString(), reader.ReadString());
        }

        return groups;
    }

    /// <summary>The groups in any of the given states, or all groups when no state is given, ordered by name.</summary>
    public static async Task<List<(string Group, string State)>> ListGroupStatesAsync(this WireClient client, params string[] states)
    {
        var reader = new WireReader(
            await client.CallAsync(ApiKey.ListGroups, 4, w =>
            {
                w.IsFlexible = true;
                w.EndStruct(); // tagged fields of the header
                w.WriteArrayLength(states.Length);
                Array.ForEach(states, w.WriteString);
                w.EndStruct();
            }), isFlexible: true);
        reader.EndStruct();
        reader.ReadInt32();
        reader.ReadInt16().ShouldBe((short)0);
        var groups = new List<(string, string)>();
        for (var count = reader.ReadArrayLength(1); count > 0; count--)
        {
            var id = reader.ReadString();
            reader.ReadString();
            groups.Add((id, reader.ReadString()));
            reader.EndStruct();
        }

        return groups;
    }

    /// <summary>
    /// Deletes the committed offset of a partition; returns the error of the request, and that of the partition if it was processed.
    /// </summary>
    public static async Task<(ErrorCode Error, ErrorCode? OfPartition)> DeleteOffsetAsync(
        this WireClient client, string group, string topic, int partition)
    {
        var reader = new WireReader(await client.CallAsync(ApiKey.OffsetDelete, 0, w =>
        {
            w.WriteString(group);
            w.WriteInt32(1);
            w.WriteString(topic);
            w.WriteInt32(1);
            w.WriteInt32(partition);
        }));
        var error = (ErrorCode)reader.ReadInt16();
        reader.ReadInt32();
        if (reader.ReadInt32() == 0)
        {
            return (error, null);
        }

        reader.ReadString().ShouldBe(topic);
        reader.ReadInt32().ShouldBe(1);
        reader.ReadInt32().ShouldBe(partition);
        return (error, (ErrorCode)reader.ReadInt16());
    }

    public static async Task<int> OperationsOfGroupAsync(this WireClient client, string group, bool include)
    {
        var response = await client.CallAsync(ApiKey.DescribeGroups, 4, w =>
        {
            w.WriteInt32(1);
            w.WriteString(group);
            w.WriteBoolean(include);
        });
        return System.Buffers.Binary.BinaryPrimitives.ReadInt32BigEndian(response.AsSpan()[^4..]);
    }

    public static async Task<ErrorCode> DeleteGroupAsync(this WireClient client, string group)
    {
        var reader = new WireReader(await client.CallAsync(ApiKey.DeleteGroups, 1, w =>
        {
            w.WriteInt32(1);
            w.WriteString(group);
        }));
        reader.ReadInt32();
        reader.ReadInt32().ShouldBe(1);
        reader.ReadString().ShouldBe(group);
        return (ErrorCode)reader.ReadInt16();
    }

    /// <summary>The committed offset of a partition; -1 when there is none.</summary>
    public static async Task<long> FetchOffsetAsync(this WireClient client, string group, string topic, int partition)
    {
        var reader = new WireReader(await client.CallAsync(ApiKey.OffsetFetch, 1, w =>
        {
            w.WriteString(group);
            w.WriteInt32(1);
            w.WriteString(topic);
            w.WriteInt32(1);
            w.WriteInt32(partition);
        }));
        reader.ReadInt32();
        reader.ReadString();
        reader.ReadInt32();
        reader.ReadInt32();
        return reader.ReadInt64();
    }
}

internal sealed record DescribedGroup(string State, string ProtocolType, string Protocol, IReadOnlyList<DescribedMember> Members);

internal sealed record DescribedMember(string Id, string? Instance, string ClientId, string ClientHost, byte[] Metadata, byte[] Assignment);
