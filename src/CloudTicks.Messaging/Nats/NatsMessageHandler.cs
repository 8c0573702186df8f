namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Handles one message. It is called on the client's own delivery thread, one message of a subscription after another, in the server's
/// order; the subscription's next messages wait meanwhile.
/// </summary>
/// <param name="subject">The subject in UTF-8; valid only during the call.</param>
/// <param name="payload">The payload; valid only during the call.</param>
public delegate void NatsMessageHandler(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload);
