namespace CloudTicks.Messaging;

/// <summary>A message could not be handed over. The sentence names server and reason, and never holds a secret.</summary>
public class MessagingException : Exception
{
    /// <summary>Makes the exception.</summary>
    public MessagingException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
