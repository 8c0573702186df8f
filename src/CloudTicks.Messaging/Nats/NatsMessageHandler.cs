namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Handles one message, on a thread of the client. A subscription's messages are handled one at a time, in the server's order; the next
/// ones wait.
/// </summary>
/// <param name="subject">The subject in UTF-8; valid only during the call.</param>
/// <param name="payload">The payload; valid only during the call.</param>
public delegate void NatsMessageHandler(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload);
