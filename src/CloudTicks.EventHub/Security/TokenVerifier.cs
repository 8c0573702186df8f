using System.Text.Json;
using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Security;

/// <summary>Verifies tokens: signature, issuer, audience, times and name. It stores no part of a token.</summary>
internal sealed class TokenVerifier(EventHubOptions options, TokenKeys keys, TimeProvider time)
{
    private const int MaxNameLength = 256;
    private const double MaxUnixSeconds = 253_402_300_799; // the last second of the year 9999

    /// <summary>Maximum validity of a login, even if its token is valid for longer.</summary>
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(1);

    /// <summary>Verifies a token; returns its login, or the reason for its refusal, which does not quote the token.</summary>
    public async ValueTask<(TokenLogin? Login, string Problem)> VerifyAsync(BearerMessage message, CancellationToken cancellationToken)
    {
        if (SignedToken.TryRead(message.Token, out var problem) is not { } token)
        {
            return (null, problem);
        }

        // The issuer is compared before its keys are read: a token of another issuer causes no request.
        if (SignedToken.Text(token.Claims, "iss") != options.TokenIssuer)
        {
            return (null, "its issuer differs from EventHub__TokenIssuer");
        }

        var (key, missing) = await keys.FindAsync(token.KeyId, cancellationToken);
        return key is null ? (null, missing)
            : !token.IsSignedBy(key.Value) ? (null, "its signature is wrong")
            : Check(token.Claims, message.AuthorizationId);
    }

    private (TokenLogin? Login, string Problem) Check(JsonElement claims, string authorizationId)
    {
        var now = time.GetUtcNow();
        var skew = options.TokenClockSkew;
        if (!HasAudience(claims, options.TokenAudience))
        {
            return (null, "its audience does not include EventHub__TokenAudience");
        }

        if (ReadTime(claims, "exp") is not { } expiry || expiry + skew <= now)
        {
            return (null, "it has expired, or has no expiry");
        }

        if (claims.TryGetProperty("nbf", out _) && (ReadTime(claims, "nbf") is not { } start || start - skew > now))
        {
            return (null, "it is not valid yet, or its nbf is not a time");
        }

        var name = SignedToken.Text(claims, options.TokenNameClaim);
        if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength || name.Any(char.IsControl))
        {
            return (null, $"its claim {options.TokenNameClaim} is not a name");
        }

        if (authorizationId.Length > 0 && authorizationId != name)
        {
            return (null, "its authorization id differs from the token's name");
        }

        var lifetime = expiry + skew - now;
        return (new TokenLogin(name, lifetime < MaxLifetime ? lifetime : MaxLifetime), "");
    }

    private static bool HasAudience(JsonElement claims, string audience) =>
        claims.TryGetProperty("aud", out var value) && value.ValueKind switch
        {
            JsonValueKind.String => value.ValueEquals(audience),
            JsonValueKind.Array => value.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience)),
            _ => false,
        };

    private static DateTimeOffset? ReadTime(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= MaxUnixSeconds
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
}
