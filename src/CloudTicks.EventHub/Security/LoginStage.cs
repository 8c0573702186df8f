namespace CloudTicks.EventHub.Security;

/// <summary>How far a connection has come in logging in.</summary>
internal enum LoginStage
{
    /// <summary>Nothing was said yet.</summary>
    Fresh,

    /// <summary>After SaslHandshake version 1: the password comes in SaslAuthenticate.</summary>
    Handshaken,

    /// <summary>After SaslHandshake version 0: the password comes as a frame without a header.</summary>
    AwaitingToken,

    Done,

    /// <summary>The password was wrong: the connection closes behind the answer.</summary>
    Refused,
}
