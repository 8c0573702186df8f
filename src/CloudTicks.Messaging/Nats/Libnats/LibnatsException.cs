namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>A function of libnats failed.</summary>
internal sealed class LibnatsException(LibnatsStatus status, string message)
    : NatsClientException(message, IsRefused(status) ? Refusal : LibnatsMethods.Text(status), IsRefused(status))
{
    public LibnatsStatus Status => status;

    public static void ThrowIfFailed(LibnatsStatus status, string attempt)
    {
        if (status != LibnatsStatus.Ok)
            throw new LibnatsException(status, $"NATS' client library could not {attempt}: {LibnatsMethods.Text(status)}.");
    }

    private static bool IsRefused(LibnatsStatus status) => status == LibnatsStatus.AuthenticationFailed;
}
