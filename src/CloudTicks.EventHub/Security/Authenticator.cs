using CloudTicks.EventHub.Metrics;

namespace CloudTicks.EventHub.Security;

/// <summary>Checks passwords and tokens. A wrong one is answered late, logged without itself, and counted.</summary>
/// <param name="users">Null when none logs in by a password.</param>
/// <param name="tokens">Null when none logs in by a token.</param>
internal sealed class Authenticator(
    UserTable? users, TokenVerifier? tokens, EventHubMetrics metrics, TimeProvider time, RefusalLog refusals)
{
    public const string Plain = "PLAIN";
    public const string Bearer = "OAUTHBEARER";

    /// <summary>How long the answer to a wrong password or token takes.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>The SASL mechanisms by which clients may log in.</summary>
    public IReadOnlyList<string> Mechanisms { get; } =
        [.. users is null ? [] : (string[])[Plain], .. tokens is null ? [] : (string[])[Bearer]];

    /// <summary>True when the message is of a user and holds the user's password.</summary>
    public async ValueTask<bool> VerifyAsync(ReadOnlyMemory<byte> bytes, string client, CancellationToken cancellationToken)
    {
        var readable = PlainToken.TryParse(bytes.Span, out var token);
        if (readable && users!.Verify(token.Name, token.Password))
        {
            return true;
        }

        // A name that is not known may be a password that was typed in the wrong place.
        await RefuseAsync(
            "password", client,
            readable && users!.Knows(token.Name) ? $"wrong password of user {token.Name}" : "not a name and password of a user",
            cancellationToken);
        return false;
    }

    /// <summary>Who the token of the message is of; null when it is refused.</summary>
    /// <param name="before">Who logged in on this connection before, and stays the same; null for the first time.</param>
    public async ValueTask<TokenLogin?> VerifyTokenAsync(
        ReadOnlyMemory<byte> bytes, string client, string? before, CancellationToken cancellationToken)
    {
        var problem = "it is no message of OAUTHBEARER";
        if (BearerMessage.TryParse(bytes.Span, out var message))
        {
            (var login, problem) = await tokens!.VerifyAsync(message, cancellationToken);
            if (login is not null && (before is null || login.Name == before))
            {
                return login;
            }

            problem = login is null ? problem : "it is of another name than the one that logged in on this connection";
        }

        await RefuseAsync("token", client, $"its token is refused: {problem}", cancellationToken);
        return null;
    }

    private async Task RefuseAsync(string kind, string client, string reason, CancellationToken cancellationToken)
    {
        metrics.LoginFailed(kind);
        refusals.LoginFailed(client, reason);
        await Task.Delay(Delay, time, cancellationToken);
    }
}
