namespace CloudTicks.Messaging;

/// <summary>
/// A message could not be handed to the messaging server. The sentence says which server and why; it never holds a secret.
/// </summary>
public class MessagingException : Exception
{
    /// <summary>Makes the exception.</summary>
    public MessagingException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
