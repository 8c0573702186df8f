using Azure.Core;
using Azure.Identity;
using Confluent.Kafka;

namespace CloudTicks.EventStream;

/// <summary>Logs Kafka clients in with the process's Microsoft Entra identity; clients renew a token after 80 % of its lifetime.</summary>
internal sealed class IdentityLogin
{
    private readonly TokenRequestContext _request;
    private readonly Lazy<TokenCredential> _credential;
    private readonly string _host;

    /// <param name="clientId">The client id of a user-assigned identity; null for the default identity (AZURE_CLIENT_ID, the
    /// system-assigned identity, a developer's login).</param>
    /// <param name="scope">The scope of the token; null for the scope of Event Hubs, <c>https://HOST/.default</c>.</param>
    public IdentityLogin(string host, string? clientId, string? scope)
        : this(host,
            () => new DefaultAzureCredential(new DefaultAzureCredentialOptions
            {
                ManagedIdentityClientId = clientId ?? Environment.GetEnvironmentVariable("AZURE_CLIENT_ID"),
            }),
            scope)
    {
    }

    internal IdentityLogin(string host, Func<TokenCredential> credential, string? scope = null)
    {
        _host = host;
        _request = new TokenRequestContext([scope ?? $"https://{host}/.default"]);
        // Create the credential on demand: on a machine without an identity, the search for an identity takes seconds.
        _credential = new Lazy<TokenCredential>(credential);
    }

    /// <summary>The identity, for clients that request tokens themselves.</summary>
    public TokenCredential Credential => _credential.Value;

    /// <summary>Sets a client's token. Credentials cache tokens until shortly before they expire, so frequent calls are cheap.</summary>
    /// <returns>The time at which the token expires.</returns>
    /// <exception cref="EventStreamException">No token is available; the message says what to check.</exception>
    public DateTimeOffset SetToken(IClient client)
    {
        var token = Token();
        client.OAuthBearerSetToken(token.Token, token.ExpiresOn.ToUnixTimeMilliseconds(), _host);
        return token.ExpiresOn;
    }

    /// <summary>Handles a client's request for a token. On failure the client logs the reason and requests again after ten
    /// seconds.</summary>
    public void Refresh(IClient client)
    {
        try
        {
            SetToken(client);
        }
        catch (Exception problem) when (problem is EventStreamException or KafkaException)
        {
            client.OAuthBearerSetTokenFailure(problem.Message);
        }
    }

    private AccessToken Token()
    {
        try
        {
            return _credential.Value.GetToken(_request, CancellationToken.None);
        }
        catch (Exception problem) when (problem is AuthenticationFailedException or Azure.RequestFailedException)
        {
            throw new EventStreamException(
                $"Cannot log in to {_host} with an identity ({problem.Message.ReplaceLineEndings(" ")}): "
                    + "assign a managed identity that has the role " +
                "Azure Event Hubs Data Sender or Receiver (name a user-assigned one with ClientId=... in the connection string, or "
                    + "AZURE_CLIENT_ID), " +
                "log in with 'az login', or use a connection string with a key.",
                problem);
        }
    }
}
