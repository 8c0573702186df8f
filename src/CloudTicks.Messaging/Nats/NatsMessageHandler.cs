namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Takes one message. It is called on the client's own delivery thread, one message of a subscription after the other, in the order
/// in which the server sent them; while it runs, the subscription's next messages wait.
/// </summary>
/// <param name="subject">The subject in UTF-8; valid during the call only.</param>
/// <param name="payload">The payload; valid during the call only.</param>
public delegate void NatsMessageHandler(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload);
