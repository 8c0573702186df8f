using CloudTicks.EventHub.Metrics;

namespace CloudTicks.EventHub.Security;

/// <summary>Verifies passwords and tokens. A failed attempt is delayed, counted, and logged without the secret.</summary>
/// <param name="users">Null when no password login is configured.</param>
/// <param name="tokens">Null when no token login is configured.</param>
internal sealed class Authenticator(
    UserTable? users, TokenVerifier? tokens, EventHubMetrics metrics, TimeProvider time, RefusalLog refusals)
{
    public const string Plain = "PLAIN";
    public const string Bearer = "OAUTHBEARER";

    /// <summary>The delay of the response to a wrong password or token.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>The enabled SASL mechanisms.</summary>
    public IReadOnlyList<string> Mechanisms { get; } =
        [.. users is null ? [] : (string[])[Plain], .. tokens is null ? [] : (string[])[Bearer]];

    /// <summary>Verifies a password message; true when it contains the name and the password of a user.</summary>
    public async ValueTask<bool> VerifyAsync(ReadOnlyMemory<byte> bytes, string client, CancellationToken cancellationToken)
    {
        var readable = PlainToken.TryParse(bytes.Span, out var token);
        if (readable && users!.Verify(token.Name, token.Password))
        {
            return true;
        }

        // An unknown name is not logged: it may be a password in the wrong field.
        await RefuseAsync(
            "password", client,
            readable && users!.Contains(token.Name) ? $"wrong password for user {token.Name}" : "no user has this name and password",
            cancellationToken);
        return false;
    }

    /// <summary>Verifies the token of a message; null when it is refused.</summary>
    /// <param name="previousName">
    /// The name of this connection's previous login, which a renewal must keep; null for the first login.
    /// </param>
    public async ValueTask<TokenLogin?> VerifyTokenAsync(
        ReadOnlyMemory<byte> bytes, string client, string? previousName, CancellationToken cancellationToken)
    {
        var problem = "the message is not OAUTHBEARER";
        if (BearerMessage.TryParse(bytes.Span, out var message))
        {
            (var login, problem) = await tokens!.VerifyAsync(message, cancellationToken);
            if (login is not null && (previousName is null || login.Name == previousName))
            {
                return login;
            }

            problem = login is null ? problem : "its name differs from the name of the connection's first login";
        }

        await RefuseAsync("token", client, $"its token was refused: {problem}", cancellationToken);
        return null;
    }

    private async Task RefuseAsync(string kind, string client, string reason, CancellationToken cancellationToken)
    {
        metrics.LoginFailed(kind);
        refusals.LoginFailed(client, reason);
        await Task.Delay(Delay, time, cancellationToken);
    }
}
