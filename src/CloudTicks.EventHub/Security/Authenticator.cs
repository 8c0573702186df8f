using CloudTicks.EventHub.Metrics;

namespace CloudTicks.EventHub.Security;

/// <summary>Checks passwords. A wrong one is answered late, logged without itself, and counted.</summary>
internal sealed class Authenticator(UserTable users, EventHubMetrics metrics, TimeProvider time, RefusalLog refusals)
{
    /// <summary>How long the answer to a wrong password takes.</summary>
    public static readonly TimeSpan Delay = TimeSpan.FromSeconds(1);

    /// <summary>True when the token is of a user and holds the user's password.</summary>
    public async ValueTask<bool> VerifyAsync(ReadOnlyMemory<byte> bytes, string client, CancellationToken cancellationToken)
    {
        var readable = PlainToken.TryParse(bytes.Span, out var token);
        if (readable && users.Verify(token.Name, token.Password))
        {
            return true;
        }

        metrics.LoginFailed("password");
        // A name that is not known may be a password that was typed in the wrong place.
        refusals.LoginFailed(
            client, readable && users.Knows(token.Name) ? $"wrong password of user {token.Name}" : "not a name and password of a user");
        await Task.Delay(Delay, time, cancellationToken);
        return false;
    }
}
