using System.Text.Json;
using CloudTicks.EventHub.Settings;

namespace CloudTicks.EventHub.Security;

/// <summary>Checks tokens: signature, issuer, audience, times and name. It keeps nothing of them.</summary>
internal sealed class TokenVerifier(EventHubOptions options, TokenKeys keys, TimeProvider time)
{
    private const int MaxNameLength = 256;
    private const double MaxUnixSeconds = 253_402_300_799; // the last second of the year 9999

    /// <summary>Even a token that lasts longer must be shown again after this.</summary>
    private static readonly TimeSpan MaxLifetime = TimeSpan.FromDays(1);

    /// <summary>The login of a token, or why it is refused, in words that hold nothing of it.</summary>
    public async ValueTask<(TokenLogin? Login, string Problem)> VerifyAsync(BearerMessage message, CancellationToken cancellationToken)
    {
        if (SignedToken.TryRead(message.Token, out var problem) is not { } token)
        {
            return (null, problem);
        }

        // The issuer is compared before its keys are fetched: a foreign token causes no request.
        if (SignedToken.Text(token.Claims, "iss") != options.TokenIssuer)
        {
            return (null, "it is of another issuer");
        }

        var (key, missing) = await keys.FindAsync(token.KeyId, cancellationToken);
        return key is null ? (null, missing)
            : !token.IsSignedBy(key.Value) ? (null, "its signature is wrong")
            : Check(token.Claims, message.ActsFor);
    }

    private (TokenLogin? Login, string Problem) Check(JsonElement claims, string actsFor)
    {
        var now = time.GetUtcNow();
        var skew = options.TokenClockSkew;
        if (!IsFor(claims, options.TokenAudience))
        {
            return (null, "it is for another audience");
        }

        if (Time(claims, "exp") is not { } ends || ends + skew <= now)
        {
            return (null, "it has ended, or never says when");
        }

        if (claims.TryGetProperty("nbf", out _) && (Time(claims, "nbf") is not { } begins || begins - skew > now))
        {
            return (null, "it does not hold yet");
        }

        var name = SignedToken.Text(claims, options.TokenNameClaim);
        if (string.IsNullOrEmpty(name) || name.Length > MaxNameLength || name.Any(char.IsControl))
        {
            return (null, $"its claim {options.TokenNameClaim} holds no name");
        }

        if (actsFor.Length > 0 && actsFor != name)
        {
            return (null, "its client acts for another name");
        }

        var lifetime = ends + skew - now;
        return (new TokenLogin(name, lifetime < MaxLifetime ? lifetime : MaxLifetime), "");
    }

    private static bool IsFor(JsonElement claims, string audience) =>
        claims.TryGetProperty("aud", out var value) && value.ValueKind switch
        {
            JsonValueKind.String => value.ValueEquals(audience),
            JsonValueKind.Array => value.EnumerateArray().Any(one => one.ValueKind == JsonValueKind.String && one.ValueEquals(audience)),
            _ => false,
        };

    private static DateTimeOffset? Time(JsonElement claims, string name) =>
        claims.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number
            && value.TryGetDouble(out var seconds) && seconds is >= 0 and <= MaxUnixSeconds
            ? DateTimeOffset.UnixEpoch.AddSeconds(seconds)
            : null;
}
