namespace CloudTicks.Messaging;

/// <summary>The connection was lost after its generation was read: messages may be missing; publish them again.</summary>
public sealed class MessagesNotConfirmedException : MessagingException
{
    /// <summary>Creates the exception.</summary>
    public MessagesNotConfirmedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
