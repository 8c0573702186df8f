using System.Buffers.Binary;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Security;

public sealed class SaslTests : IAsyncLifetime
{
    /// <summary>A long login timeout, because a loaded machine may be slow between two requests of a login.</summary>
    private static readonly string[] PatientLogin = ["--EventHub:LoginTimeout", "00:05:00"];

    private readonly TestUsers _users = new();
    private RunningHub _hub = null!;

    public async ValueTask InitializeAsync() => _hub = await RunningHub.StartAsync(null, null, [.. _users.Options, .. PatientLogin]);

    public async ValueTask DisposeAsync()
    {
        await _hub.DisposeAsync();
        _users.Dispose();
        _hub.Log.Lines.ShouldNotContain(line => line.Contains("canary", StringComparison.Ordinal));
        _hub.Log.Lines.ShouldNotContain(line => line.Contains("internal error", StringComparison.Ordinal));
    }

    [Theory(Timeout = 240_000)]
    [InlineData((short)0, TestUsers.Name, TestUsers.Password)]
    [InlineData((short)1, TestUsers.Name, TestUsers.Password)]
    [InlineData((short)1, "$ConnectionString", TestUsers.ConnectionString)]
    [InlineData((short)1, "$ConnectionString", TestUsers.ConnectionString + ";UseDevelopmentEmulator=true;")]
    public async Task Correct_password_is_accepted(short version, string name, string password)
    {
        using var client = await WireClient.ConnectAsync(_hub.Address);
        (await client.ApisAsync()).ShouldContain(ApiKey.SaslAuthenticate);
        (await client.HandshakeAsync()).ShouldSatisfyAllConditions(
            response => response.Error.ShouldBe(ErrorCode.None), response => response.Mechanisms.ShouldBe(["PLAIN"]));
        (await client.AuthenticateAsync(SaslCalls.Token(name, password), version)).Error.ShouldBe(ErrorCode.None);
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        (await client.ProduceAsync("ticks", 0, Batches.Of("a"))).ShouldBe((ErrorCode.None, 0L));
    }

    [Fact(Timeout = 240_000)]
    public async Task Password_in_raw_frame_is_accepted()
    {
        using var client = await WireClient.ConnectAsync(_hub.Address);
        (await client.HandshakeAsync(version: 0)).Error.ShouldBe(ErrorCode.None);
        await client.SendAsync(AddLength(SaslCalls.Token(TestUsers.Name, TestUsers.Password)));
        (await client.ReceiveAsync()).ShouldBe([]);
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
    }

    [Theory(Timeout = 240_000)]
    [InlineData(TestUsers.Name, "canary-wrong")]
    [InlineData("canary-nobody", TestUsers.Password)]
    [InlineData(TestUsers.Name, "")]
    [InlineData("$ConnectionString", "Endpoint=sb://localhost/;SharedAccessKeyName=collector;SharedAccessKey=canary-wrong")]
    [InlineData("$ConnectionString", TestUsers.Password)]
    [InlineData(TestUsers.Name, TestUsers.Password, "admin")]
    public async Task Wrong_password_closes_connection(string name, string password, string authorizationId = "")
    {
        using var client = await WireClient.ConnectAsync(_hub.Address);
        await client.HandshakeAsync();
        var (error, message) = await client.AuthenticateAsync(SaslCalls.Token(name, password, authorizationId));
        error.ShouldBe(ErrorCode.SaslAuthenticationFailed);
        message.ShouldBe("The user name or the password is wrong.");
        (await client.ReceiveAsync()).ShouldBeNull();
        _hub.Log.Lines.ShouldContain(line => line.Contains("could not log in", StringComparison.Ordinal));
    }

    [Fact(Timeout = 240_000)]
    public async Task Wrong_password_in_raw_frame_closes_connection()
    {
        using var client = await WireClient.ConnectAsync(_hub.Address);
        await client.HandshakeAsync(version: 0);
        await client.SendAsync(AddLength(SaslCalls.Token(TestUsers.Name, "canary-wrong")));
        (await client.ReceiveAsync()).ShouldBeNull();
    }

    [Fact(Timeout = 240_000)]
    public async Task Requests_before_login_close_connection()
    {
        foreach (var key in Enum.GetValues<ApiKey>().Except([ApiKey.ApiVersions, ApiKey.SaslHandshake, ApiKey.SaslAuthenticate]))
        {
            using var client = await WireClient.ConnectAsync(_hub.Address);
            await client.SendAsync(key, key == ApiKey.Fetch ? (short)7 : (short)2, static w => w.WriteInt64(0));
            (await client.ReceiveAsync()).ShouldBeNull($"{key}");
        }
    }

    [Fact(Timeout = 240_000)]
    public async Task Incomplete_login_allows_no_request()
    {
        using var client = await WireClient.ConnectAsync(_hub.Address);
        (await client.AuthenticateAsync(SaslCalls.Token(TestUsers.Name, TestUsers.Password))).Error.ShouldBe(ErrorCode.IllegalSaslState);
        (await client.HandshakeAsync()).Error.ShouldBe(ErrorCode.None);
        await client.SendAsync(ApiKey.Metadata, 4, static w => w.WriteInt32(-1));
        (await client.ReceiveAsync()).ShouldBeNull();
    }

    [Fact(Timeout = 240_000)]
    public async Task Refusal_of_mechanism_lists_supported_mechanisms()
    {
        using var client = await WireClient.ConnectAsync(_hub.Address);
        var (error, mechanisms) = await client.HandshakeAsync(mechanism: "SCRAM-SHA-256");
        error.ShouldBe(ErrorCode.UnsupportedSaslMechanism);
        mechanisms.ShouldBe(["PLAIN"]);
        (await client.HandshakeAsync()).Error.ShouldBe(ErrorCode.None);
        (await client.AuthenticateAsync(SaslCalls.Token(TestUsers.Name, TestUsers.Password))).Error.ShouldBe(ErrorCode.None);
        (await client.HandshakeAsync()).Error.ShouldBe(ErrorCode.IllegalSaslState);
    }

    [Theory(Timeout = 240_000)]
    [InlineData(64 * 1024 + 1)]
    [InlineData(32 * 1024 * 1024)]
    public async Task Large_request_before_login_closes_connection(int length)
    {
        using var client = await WireClient.ConnectAsync(_hub.Address);
        var bytes = new byte[64];
        BinaryPrimitives.WriteInt32BigEndian(bytes, length);
        await client.SendAsync(bytes);
        (await client.ReceiveAsync()).ShouldBeNull();
    }

    [Fact(Timeout = 240_000)]
    public async Task Sasl_is_not_served_without_users()
    {
        await using var hubWithoutUsers = await RunningHub.StartAsync();
        using var client = await WireClient.ConnectAsync(hubWithoutUsers.Address);
        (await client.ApisAsync()).ShouldNotContain(ApiKey.SaslHandshake);
        await client.SendAsync(ApiKey.SaslHandshake, 1, static w => w.WriteString("PLAIN"));
        (await client.ReceiveAsync()).ShouldBeNull();
    }

    [Fact(Timeout = 240_000)]
    public async Task Client_that_does_not_log_in_is_disconnected()
    {
        await using var impatientHub = await RunningHub.StartAsync(null, null, [.. _users.Options, "--EventHub:LoginTimeout", "00:00:01"]);
        using var client = await WireClient.ConnectAsync(impatientHub.Address);
        (await client.ReceiveAsync()).ShouldBeNull();
        impatientHub.Log.Lines.ShouldContain(
            line => line.Contains("could not log in: it did not log in within 00:00:01", StringComparison.Ordinal));
    }

    [Fact(Timeout = 240_000)]
    public async Task Pending_logins_do_not_block_clients()
    {
        await using var smallHub = await RunningHub.StartAsync(
            null, null, [.. _users.Options, .. PatientLogin, "--EventHub:MaxLogins", "2"]);
        var strangers = new List<WireClient>();
        for (var i = 0; i < 5; i++)
        {
            strangers.Add(await WireClient.ConnectAsync(smallHub.Address));
            await strangers[^1].ApisAsync();
        }

        using var client = await WireClient.ConnectAsync(smallHub.Address);
        await client.HandshakeAsync();
        (await client.AuthenticateAsync(SaslCalls.Token(TestUsers.Name, TestUsers.Password))).Error.ShouldBe(ErrorCode.None);
        foreach (var stranger in strangers.Take(4))
        {
            (await stranger.ReceiveAsync()).ShouldBeNull();
        }

        (await strangers[4].ApisAsync()).ShouldNotBeEmpty();
        (await client.CreateTopicAsync("ticks")).ShouldBe(ErrorCode.None);
        strangers.ForEach(stranger => stranger.Dispose());
    }

    private static byte[] AddLength(byte[] content)
    {
        var frame = new byte[4 + content.Length];
        BinaryPrimitives.WriteInt32BigEndian(frame, content.Length);
        content.CopyTo(frame, 4);
        return frame;
    }
}
