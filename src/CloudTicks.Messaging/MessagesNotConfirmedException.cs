namespace CloudTicks.Messaging;

/// <summary>
/// It is not known whether the server has the messages that were published since a generation was read: the connection was lost
/// in between. Publish them again.
/// </summary>
public sealed class MessagesNotConfirmedException : MessagingException
{
    /// <summary>Makes the exception.</summary>
    public MessagesNotConfirmedException(string message, Exception? innerException = null)
        : base(message, innerException)
    {
    }
}
