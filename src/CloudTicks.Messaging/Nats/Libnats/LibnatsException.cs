namespace CloudTicks.Messaging.Nats.Libnats;

/// <summary>A function of libnats refused.</summary>
internal sealed class LibnatsException(LibnatsStatus status, string message) : MessagingException(message)
{
    public LibnatsStatus Status => status;

    /// <summary>Whether the server was there and did not want us: trying again at once is of no use.</summary>
    public bool IsRefusal => Status == LibnatsStatus.AuthenticationFailed;

    /// <summary>The status in a few words, to stand after a colon.</summary>
    public string Problem => IsRefusal ? "the server refuses the user name, password or token" : LibnatsMethods.Text(Status);

    public static void ThrowIfFailed(LibnatsStatus status, string attempt)
    {
        if (status != LibnatsStatus.Ok)
            throw new LibnatsException(status, $"NATS' client library could not {attempt}: {LibnatsMethods.Text(status)}.");
    }
}
