namespace CloudTicks.Messaging;

/// <summary>A message could not be sent. The message of the exception contains the server and the reason, and no secret.</summary>
public class MessagingException : Exception
{
    /// <summary>Creates the exception.</summary>
    public MessagingException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
