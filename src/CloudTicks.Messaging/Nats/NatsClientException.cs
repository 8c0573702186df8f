namespace CloudTicks.Messaging.Nats;

/// <summary>The client library could not connect or subscribe.</summary>
/// <param name="problem">The reason in a few words without a secret, for use after a colon.</param>
/// <param name="isRefusal">Whether the server refused the credentials: an immediate retry is useless.</param>
internal class NatsClientException(string message, string problem, bool isRefusal, Exception? innerException = null)
    : MessagingException(message, innerException)
{
    public const string Refusal = "the server refuses the user name, password or token";

    public string Problem => problem;

    public bool IsRefusal => isRefusal;
}
