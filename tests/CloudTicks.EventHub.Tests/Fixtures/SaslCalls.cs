using System.Text;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>SASL requests.</summary>
internal static class SaslCalls
{
    public static byte[] Token(string name, string password, string authorizationId = "") =>
        Encoding.UTF8.GetBytes($"{authorizationId}\0{name}\0{password}");

    public static async Task<(ErrorCode Error, string[] Mechanisms)> HandshakeAsync(
        this WireClient client, short version = 1, string mechanism = "PLAIN")
    {
        var reader = new WireReader(await client.CallAsync(ApiKey.SaslHandshake, version, w => w.WriteString(mechanism)));
        var error = (ErrorCode)reader.ReadInt16();
        var mechanisms = new string[reader.ReadArrayLength(2)];
        for (var i = 0; i < mechanisms.Length; i++)
        {
            mechanisms[i] = reader.ReadString();
        }

        return (error, mechanisms);
    }

    /// <summary>The first message of a client that uses OAUTHBEARER.</summary>
    public static byte[] Bearer(string token, string header = "n,,") =>
        Encoding.UTF8.GetBytes($"{header}\u0001auth=Bearer {token}\u0001\u0001");

    /// <summary>Logs in with a token, or renews a login.</summary>
    public static async Task<(ErrorCode Error, string? Message, string Challenge, long LifetimeMs)> SendTokenAsync(
        this WireClient client, byte[] message)
    {
        var reader = new WireReader(await client.CallAsync(ApiKey.SaslAuthenticate, 1, w => w.WriteBytes(message)));
        var (error, text) = ((ErrorCode)reader.ReadInt16(), reader.ReadNullableString());
        var (challenge, lifetime) = (Encoding.UTF8.GetString(reader.ReadBytes()), reader.ReadInt64());
        reader.Remaining.ShouldBe(0);
        return (error, text, challenge, lifetime);
    }

    public static async Task<(ErrorCode Error, string? Message)> AuthenticateAsync(this WireClient client, byte[] token, short version = 1)
    {
        var reader = new WireReader(await client.CallAsync(ApiKey.SaslAuthenticate, version, w => w.WriteBytes(token)));
        var (error, message) = ((ErrorCode)reader.ReadInt16(), reader.ReadNullableString());
        reader.ReadBytes().ShouldBeEmpty();
        if (version >= 1)
        {
            reader.ReadInt64().ShouldBe(0);
        }

        reader.Remaining.ShouldBe(0);
        return (error, message);
    }

    /// <summary>The advertised APIs.</summary>
    public static async Task<ApiKey[]> ApisAsync(this WireClient client)
    {
        var reader = new WireReader(await client.CallAsync(ApiKey.ApiVersions, 0, static _ => { }));
        reader.ReadInt16();
        var apis = new ApiKey[reader.ReadArrayLength(6)];
        for (var i = 0; i < apis.Length; i++)
        {
            apis[i] = (ApiKey)reader.ReadInt16();
            reader.ReadInt32();
        }

        return apis;
    }
}
