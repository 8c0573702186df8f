namespace CloudTicks.Messaging;

/// <summary>The connection was lost before the server confirmed the messages: some may be lost, so publish them again.</summary>
public sealed class MessagesNotConfirmedException : MessagingException
{
    /// <summary>Creates the exception.</summary>
    public MessagesNotConfirmedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
