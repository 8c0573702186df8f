using Azure.Core;
using Azure.Identity;
using Confluent.Kafka;

namespace CloudTicks.EventStream;

/// <summary>Logs Kafka clients in by the process's Microsoft Entra identity; the client asks again at four fifths of its life.</summary>
internal sealed class IdentityLogin
{
    private readonly TokenRequestContext _request;
    private readonly Lazy<TokenCredential> _credential;
    private readonly string _host;

    /// <param name="clientId">The client id of a user-assigned identity; null for the one of the environment (AZURE_CLIENT_ID, the system's
    /// own, a developer's login).</param>
    /// <param name="scope">What the token is asked for; null for Event Hubs' own, <c>https://HOST/.default</c>.</param>
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
        // Made when it is needed: looking for an identity takes seconds where there is none.
        _credential = new Lazy<TokenCredential>(credential);
    }

    /// <summary>The identity, for clients that ask it themselves.</summary>
    public TokenCredential Credential => _credential.Value;

    /// <summary>Puts a token into a client. Credentials keep theirs until shortly before its end, so this may be called often.</summary>
    /// <returns>When the token ends.</returns>
    /// <exception cref="EventStreamException">No token is to be had; the sentence says what to look at.</exception>
    public DateTimeOffset Give(IClient client)
    {
        var token = Token();
        client.OAuthBearerSetToken(token.Token, token.ExpiresOn.ToUnixTimeMilliseconds(), _host);
        return token.ExpiresOn;
    }

    /// <summary>Answers a client's request for a token; when that fails the client logs why, and asks again after ten seconds.</summary>
    public void Refresh(IClient client)
    {
        try
        {
            Give(client);
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
                $"No identity can log in to {_host} ({problem.Message.ReplaceLineEndings(" ")}): assign a managed identity that has the "
                    + $"role " +
                "Azure Event Hubs Data Sender or Receiver (name a user-assigned one by ClientId=... in the connection string, or "
                    + "AZURE_CLIENT_ID), " +
                "log in by 'az login', or use a connection string with a key.",
                problem);
        }
    }
}
