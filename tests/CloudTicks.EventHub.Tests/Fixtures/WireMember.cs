using System.Net;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>A group member that acts only when the test calls it.</summary>
internal sealed class WireMember(IPEndPoint hub, string group, string? instance = null) : IDisposable
{
    private WireClient? _client;

    public string Id { get; private set; } = "";

    public int Generation { get; private set; } = -1;

    public string Leader { get; private set; } = "";

    public IReadOnlyList<string> Members { get; private set; } = [];

    public byte[] Assignment { get; private set; } = [];

    public int SessionMs { get; init; } = 30_000;

    /// <summary>The protocol metadata that the member sends when it joins.</summary>
    public byte[] Metadata { get; set; } = [0];

    /// <summary>Opens a new connection, as after a restart of the event hub.</summary>
    public async Task ReconnectAsync()
    {
        _client?.Dispose();
        _client = await WireClient.ConnectAsync(hub);
    }

    /// <summary>Joins; a new member joins again with its assigned id.</summary>
    public async Task<ErrorCode> JoinAsync()
    {
        var error = await JoinOnceAsync();
        return error == ErrorCode.MemberIdRequired ? await JoinOnceAsync() : error;
    }

    public async Task<ErrorCode> JoinOnceAsync()
    {
        var response = await CallAsync(ApiKey.JoinGroup, 5, w =>
        {
            w.WriteString(group);
            w.WriteInt32(SessionMs);
            w.WriteInt32(30_000);
            w.WriteString(Id);
            w.WriteString(instance);
            w.WriteString("consumer");
            w.WriteInt32(1);
            w.WriteString("range");
            w.WriteBytes(Metadata);
        });
        var reader = new WireReader(response);
        reader.ReadInt32();
        var error = (ErrorCode)reader.ReadInt16();
        var generation = reader.ReadInt32();
        reader.ReadString();
        var leader = reader.ReadString();
        var id = reader.ReadString();
        var members = new List<string>();
        for (var count = reader.ReadArrayLength(1); count > 0; count--)
        {
            members.Add(reader.ReadString());
            reader.ReadNullableString();
            reader.ReadBytes();
        }

        if (error is ErrorCode.None or ErrorCode.MemberIdRequired)
        {
            (Id, Generation, Leader, Members) = (id, generation, leader, members);
        }
        else if (error == ErrorCode.UnknownMemberId)
        {
            Id = "";
        }

        return error;
    }

    /// <summary>
    /// Requests the member's assignment. If the member is the leader, it sends the assignments that <paramref name="assign"/> returns.
    /// </summary>
    public async Task<ErrorCode> SyncAsync(Func<IReadOnlyList<string>, IReadOnlyDictionary<string, byte[]>>? assign = null)
    {
        var assignments = Leader == Id && assign is not null ? assign(Members) : new Dictionary<string, byte[]>();
        var response = await CallAsync(ApiKey.SyncGroup, 3, w =>
        {
            w.WriteString(group);
            w.WriteInt32(Generation);
            w.WriteString(Id);
            w.WriteString(instance);
            w.WriteArray(assignments, static (w, one) =>
            {
                w.WriteString(one.Key);
                w.WriteBytes(one.Value);
            });
        });
        var reader = new WireReader(response);
        reader.ReadInt32();
        var error = (ErrorCode)reader.ReadInt16();
        Assignment = reader.ReadBytes();
        return error;
    }

    public async Task<ErrorCode> HeartbeatAsync()
    {
        var response = await CallAsync(ApiKey.Heartbeat, 3, w =>
        {
            w.WriteString(group);
            w.WriteInt32(Generation);
            w.WriteString(Id);
            w.WriteString(instance);
        });
        var reader = new WireReader(response);
        reader.ReadInt32();
        return (ErrorCode)reader.ReadInt16();
    }

    public async Task<ErrorCode> LeaveAsync()
    {
        var response = await CallAsync(ApiKey.LeaveGroup, 1, w =>
        {
            w.WriteString(group);
            w.WriteString(Id);
        });
        var reader = new WireReader(response);
        reader.ReadInt32();
        return (ErrorCode)reader.ReadInt16();
    }

    public async Task<ErrorCode> CommitAsync(string topic, int partition, long offset)
    {
        var response = await CallAsync(ApiKey.OffsetCommit, 7, w =>
        {
            w.WriteString(group);
            w.WriteInt32(Generation);
            w.WriteString(Id);
            w.WriteString(instance);
            w.WriteInt32(1);
            w.WriteString(topic);
            w.WriteInt32(1);
            w.WriteInt32(partition);
            w.WriteInt64(offset);
            w.WriteInt32(-1);
            w.WriteString(null);
        });
        var reader = new WireReader(response);
        reader.ReadInt32();
        reader.ReadInt32();
        reader.ReadString();
        reader.ReadInt32();
        reader.ReadInt32();
        return (ErrorCode)reader.ReadInt16();
    }

    public void Dispose() => _client?.Dispose();

    private async Task<byte[]> CallAsync(ApiKey key, short version, Action<WireWriter> body)
    {
        if (_client is null)
        {
            await ReconnectAsync();
        }

        return await _client!.CallAsync(key, version, body).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }
}
