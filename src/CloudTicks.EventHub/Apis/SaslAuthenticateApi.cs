using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>SaslAuthenticate, key 36, versions 0 to 2; served only when the hub has users.</summary>
internal sealed class SaslAuthenticateApi(Authenticator authenticator) : Api(ApiKey.SaslAuthenticate, 0, 2, firstFlexible: 2)
{
    public override async ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var session = request.Session;
        var (error, message) =
            (ErrorCode.IllegalSaslState, (string?)"A SaslHandshake for PLAIN comes first, and a connection logs in once.");
        var token = Token(request);
        if (session.Stage == LoginStage.Handshaken)
        {
            var verified = await authenticator.VerifyAsync(token, session.Host, cancellationToken);
            session.Stage = verified ? LoginStage.Done : LoginStage.Refused;
            (error, message) = verified
                ? (ErrorCode.None, null)
                : (ErrorCode.SaslAuthenticationFailed, "The name or the password is wrong.");
        }

        var body = response.Body;
        body.WriteError(error);
        body.WriteString(message);
        body.WriteBytes([]);
        if (request.Version >= 1)
        {
            body.WriteInt64(0); // a login lasts as long as its connection
        }
    }

    private static ReadOnlyMemory<byte> Token(Request request)
    {
        var reader = request.Reader();
        var (start, length) = reader.SkipBytes();
        return request.Body.Slice(start, length);
    }
}
