namespace CloudTicks.Messaging;

/// <summary>
/// Messaging failed, for instance because a message could not be sent. The text of the exception gives the reason, without a secret.
/// </summary>
public class MessagingException : Exception
{
    /// <summary>Creates the exception.</summary>
    public MessagingException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
