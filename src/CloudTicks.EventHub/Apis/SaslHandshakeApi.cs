using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Apis;

/// <summary>SaslHandshake, key 17, versions 0 and 1; served only when the hub has users. PLAIN is the one mechanism.</summary>
internal sealed class SaslHandshakeApi() : Api(ApiKey.SaslHandshake, 0, 1)
{
    private static readonly string[] Mechanisms = ["PLAIN"];

    public override ValueTask HandleAsync(Request request, Response response, CancellationToken cancellationToken)
    {
        var reader = new WireReader(request.Body.Span);
        var known = Mechanisms.Contains(reader.ReadString());
        var error = request.Session.Stage != LoginStage.Fresh ? ErrorCode.IllegalSaslState
            : known ? ErrorCode.None
            : ErrorCode.UnsupportedSaslMechanism;
        if (error == ErrorCode.None)
        {
            request.Session.Stage = request.Version == 0 ? LoginStage.AwaitingToken : LoginStage.Handshaken;
        }

        response.Body.WriteError(error);
        response.Body.WriteArray(Mechanisms, static (w, mechanism) => w.WriteString(mechanism));
        return ValueTask.CompletedTask;
    }
}
