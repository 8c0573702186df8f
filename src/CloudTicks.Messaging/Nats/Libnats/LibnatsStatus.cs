namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>The statuses of libnats that this client distinguishes; the numbers are those of its <c>status.h</c>.</summary>
internal enum LibnatsStatus
{
    Ok = 0,
    ConnectionClosed = 5,
    AuthenticationFailed = 11,
    InvalidSubject = 15,
    InvalidArgument = 16,
    SlowConsumer = 20,
    MaxPayload = 21,
}
