namespace CloudTicks.EventHub.Security;

/// <summary>How far a connection has come in logging in.</summary>
internal enum LoginStage
{
    /// <summary>Nothing was said yet.</summary>
    Fresh,

    /// <summary>After SaslHandshake version 1: the password or token comes in SaslAuthenticate.</summary>
    Handshaken,

    /// <summary>After SaslHandshake version 0: the password comes as a frame without a header.</summary>
    AwaitingToken,

    /// <summary>A token was refused, and the client has the reason: its next SaslAuthenticate ends the exchange (RFC 7628).</summary>
    TokenRefused,

    Done,

    /// <summary>The password or the token was wrong: the connection closes behind the answer.</summary>
    Refused,
}
