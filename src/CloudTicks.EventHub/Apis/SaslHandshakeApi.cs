using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>
/// SaslHandshake, key 17, versions 0 and 1; served only when a login is configured. It also starts the renewal of a token login (KIP-368).
/// </summary>
internal sealed class SaslHandshakeApi(Authenticator authenticator) : Api(ApiKey.SaslHandshake, 0, 1)
{
    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var reader = new WireReader(request.Body.Span);
        var mechanism = reader.ReadString();
        var session = request.Session;
        var isRenewal = session.Stage == LoginStage.Done && session.TokenName is not null;

        // Tokens need version 1: a response of version 0 has no field for a token's lifetime.
        var isServed = authenticator.Mechanisms.Contains(mechanism)
            && (mechanism == Authenticator.Bearer ? request.Version >= 1 : !isRenewal);
        var error = session.Stage != LoginStage.NotStarted && !isRenewal ? ErrorCode.IllegalSaslState
            : isServed ? ErrorCode.None
            : ErrorCode.UnsupportedSaslMechanism;
        if (error == ErrorCode.None)
        {
            session.Mechanism = mechanism;
            session.Stage = request.Version == 0 ? LoginStage.AwaitingRawFrame : LoginStage.AwaitingAuthentication;
        }

        response.Body.WriteError(error);
        response.Body.WriteArray(authenticator.Mechanisms, static (w, name) => w.WriteString(name));
        return ValueTask.CompletedTask;
    }
}
