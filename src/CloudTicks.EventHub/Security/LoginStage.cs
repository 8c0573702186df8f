namespace CloudTicks.EventHub.Security;

/// <summary>The progress of a connection's login.</summary>
internal enum LoginStage
{
    /// <summary>No handshake yet.</summary>
    NotStarted,

    /// <summary>After SaslHandshake version 1: SaslAuthenticate with the password or token follows.</summary>
    AwaitingAuthentication,

    /// <summary>After SaslHandshake version 0: a raw frame with the password follows.</summary>
    AwaitingRawFrame,

    /// <summary>A token was refused and the client has received the reason: its next SaslAuthenticate ends the exchange (RFC
    /// 7628).</summary>
    TokenRefused,

    Done,

    /// <summary>The password or the token was wrong: the connection closes after the response.</summary>
    Refused,
}
