using System.Buffers.Text;
using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>
/// Issues signed tokens. Over http on loopback, it serves its keys and tokens for client credentials (OpenID Connect), and imitates Azure's
/// endpoint for managed identities.
/// </summary>
internal sealed class TokenIssuer : IAsyncDisposable
{
    public const string Issuer = "https://issuer.test/";
    public const string Audience = "hub.test";
    public const string Name = "collector-identity";

    private readonly WebApplication _app;
    private readonly SemaphoreSlim _tokenIssued = new(0);
    private volatile SigningKey _key = new(0, RSA.Create(2048));
    private int _keyRequests;
    private int _issued;

    private TokenIssuer(WebApplication app) => _app = app;

    public string Address => _app.Urls.Single();

    /// <summary>The event hub's settings.</summary>
    public string[] Options =>
    [
        "--EventHub:TokenIssuer", Issuer, "--EventHub:TokenAudience", Audience, "--EventHub:TokenKeys", $"{Address}/keys",
        "--EventHub:TokenClockSkew", "00:00:00",
    ];

    /// <summary>The number of requests for the keys.</summary>
    public int KeyRequests => Volatile.Read(ref _keyRequests);

    /// <summary>The number of tokens that were issued over http.</summary>
    public int Issued => Volatile.Read(ref _issued);

    /// <summary>The lifetime of issued tokens.</summary>
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>True to refuse requests for the keys.</summary>
    public bool IsUnreachable { get; set; }

    public string KeyId => _key.Id;

    public static async Task<TokenIssuer> StartAsync(TimeSpan? lifetime = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var app = builder.Build();
        var issuer = new TokenIssuer(app) { Lifetime = lifetime ?? TimeSpan.FromMinutes(10) };
        app.MapGet("/keys", () =>
        {
            Interlocked.Increment(ref issuer._keyRequests);
            return issuer.IsUnreachable ? Results.StatusCode(503) : Results.Text(issuer.KeySet(), "application/json");
        });
        app.MapPost("/token", () => issuer.TokenResponse(
            "expires_in", issuer.Lifetime.TotalSeconds.ToString(CultureInfo.InvariantCulture)));
        app.MapGet("/identity", () => issuer.TokenResponse(
            "expires_on",
            TimeProvider.System.GetUtcNow().Add(issuer.Lifetime).ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture)));
        await app.StartAsync(TestContext.Current.CancellationToken);
        return issuer;
    }

    /// <summary>Replaces the signing key; the old key is no longer published.</summary>
    public void Rotate() => _key = new SigningKey(_key.Generation + 1, RSA.Create(2048));

    /// <summary>Waits until this many tokens were issued over http, in addition to those that earlier calls waited for.</summary>
    public async Task UntilIssuedAsync(int more)
    {
        for (var i = 0; i < more; i++)
        {
            await _tokenIssued.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The published keys.</summary>
    public string KeySet()
    {
        var signingKey = _key;
        var key = signingKey.Rsa.ExportParameters(includePrivateParameters: false);
        return JsonSerializer.Serialize(new
        {
            keys = new object[]
            {
                new { kty = "EC", kid = "other", crv = "P-256" },
                new { kty = "RSA", use = "enc", kid = signingKey.Id, n = "AQ", e = "AQAB" },
                new { kty = "RSA", use = "sig", kid = signingKey.Id, n = Encode(key.Modulus!), e = Encode(key.Exponent!) },
            },
        });
    }

    /// <summary>The claims of a valid token, with changes; null removes a claim.</summary>
    public static Dictionary<string, object?> Claims(params (string Name, object? Value)[] changes)
    {
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Issuer,
            ["aud"] = Audience,
            ["sub"] = Name,
            ["nbf"] = now - 5,
            ["exp"] = now + 600,
        };
        foreach (var (name, value) in changes)
        {
            claims[name] = value;
        }

        return claims.Where(claim => claim.Value is not null).ToDictionary();
    }

    /// <summary>A valid token with changed claims.</summary>
    public string Token(params (string Name, object? Value)[] changes)
    {
        var key = _key;
        return Token(key, "RS256", key.Id, JsonSerializer.Serialize(Claims(changes)), more: null);
    }

    /// <summary>
    /// A token with the given header and claims. For RS256, RS384 and RS512 it is signed with the issuer's key, for HS256 with the public
    /// key as the secret; for other algorithms it is unsigned.
    /// </summary>
    public string Token(string algorithm, string? keyId, string claims, string? more = null) =>
        Token(_key, algorithm, keyId, claims, more);

    public async ValueTask DisposeAsync()
    {
        await _app.StopAsync();
        await _app.DisposeAsync();
        _tokenIssued.Dispose();
    }

    private static string Token(SigningKey key, string algorithm, string? keyId, string claims, string? more)
    {
        var header = $"{{\"alg\":\"{algorithm}\"{(keyId is null ? "" : $",\"kid\":\"{keyId}\"")}{more}}}";
        var signed = $"{Encode(Encoding.UTF8.GetBytes(header))}.{Encode(Encoding.UTF8.GetBytes(claims))}";
        var bytes = Encoding.ASCII.GetBytes(signed);
        var signature = algorithm switch
        {
            "RS256" => key.Rsa.SignData(bytes, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
            "RS384" => key.Rsa.SignData(bytes, HashAlgorithmName.SHA384, RSASignaturePadding.Pkcs1),
            "RS512" => key.Rsa.SignData(bytes, HashAlgorithmName.SHA512, RSASignaturePadding.Pkcs1),
            "HS256" => HMACSHA256.HashData(Encoding.ASCII.GetBytes(key.Rsa.ExportRSAPublicKeyPem()), bytes),
            _ => [],
        };
        return $"{signed}.{Encode(signature)}";
    }

    private IResult TokenResponse(string endName, string end)
    {
        var token = Token(("exp", TimeProvider.System.GetUtcNow().Add(Lifetime).ToUnixTimeMilliseconds() / 1000.0));
        Interlocked.Increment(ref _issued);
        _tokenIssued.Release();
        return Results.Text(
            $$"""{"access_token":"{{token}}","{{endName}}":"{{end}}","token_type":"Bearer","resource":"{{Audience}}"}""",
            "application/json");
    }

    private static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    /// <summary>A key with its id. A rotation replaces both at once, so that no request combines a key with another key's id.</summary>
    private sealed record SigningKey(int Generation, RSA Rsa)
    {
        public string Id => $"key-{Generation}";
    }
}
