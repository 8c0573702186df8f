using System.Security.Cryptography;
using System.Text;
using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>SaslAuthenticate, key 36, versions 0 to 2; served only when a login is configured.</summary>
internal sealed class SaslAuthenticateApi(Authenticator authenticator) : Api(ApiKey.SaslAuthenticate, 0, 2, firstFlexible: 2)
{
    private const string TokenProblem = """{"status":"invalid_token"}""";

    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        LoginResult result;
        try
        {
            result = await LogInAsync(request.Session, ReadToken(request), cancellationToken);
        }
        finally
        {
            // The array returns to a pool: clear the secret.
            CryptographicOperations.ZeroMemory(request.Buffer.Bytes.Span);
        }

        var body = response.Body;
        body.WriteError(result.Error);
        body.WriteString(result.Message);
        body.WriteBytes(result.Challenge);
        if (request.Version >= 1)
        {
            body.WriteInt64(result.LifetimeMs);
        }
    }

    private async ValueTask<LoginResult> LogInAsync(ClientSession session, ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        switch (session.Stage)
        {
            case LoginStage.AwaitingAuthentication when session.Mechanism == Authenticator.Bearer:
                var login = await authenticator.VerifyTokenAsync(bytes, session.Host, session.TokenName, cancellationToken);
                session.Stage = login is null ? LoginStage.TokenRefused : LoginStage.Done;
                if (login is null)
                {
                    return new LoginResult(ErrorCode.None, null, challenge: Encoding.UTF8.GetBytes(TokenProblem));
                }

                session.LogIn(login);
                return new LoginResult(ErrorCode.None, null, lifetimeMs: Math.Max((long)login.Lifetime.TotalMilliseconds, 1));

            case LoginStage.AwaitingAuthentication:
                var isVerified = await authenticator.VerifyAsync(bytes, session.Host, cancellationToken);
                session.Stage = isVerified ? LoginStage.Done : LoginStage.Refused;
                return isVerified
                    ? new LoginResult(ErrorCode.None, null) // the login is valid until the connection closes
                    : new LoginResult(ErrorCode.SaslAuthenticationFailed, "The user name or the password is wrong.");

            case LoginStage.TokenRefused:
                session.Stage = LoginStage.Refused;
                return new LoginResult(ErrorCode.SaslAuthenticationFailed, TokenProblem);

            default:
                return new LoginResult(
                    ErrorCode.IllegalSaslState,
                    $"Send a SaslHandshake for {string.Join(" or ", authenticator.Mechanisms)} first. For another login, open "
                        + "a new connection; only a token can be renewed on the same one.");
        }
    }

    private static ReadOnlyMemory<byte> ReadToken(Request request)
    {
        var reader = request.Reader();
        var (start, length) = reader.SkipBytes();
        return request.Body.Slice(start, length);
    }

    private sealed class LoginResult(ErrorCode error, string? message, byte[]? challenge = null, long lifetimeMs = 0)
    {
        public ErrorCode Error => error;

        public string? Message => message;

        /// <summary>The reason why the client's token was refused. The client receives it, and then ends the exchange.</summary>
        public byte[] Challenge => challenge ?? [];

        public long LifetimeMs => lifetimeMs;
    }
}
