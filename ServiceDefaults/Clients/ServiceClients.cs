namespace ServiceDefaults.Clients;

/// <summary>Makes the HTTP clients by which our programs query our services.</summary>
public static class ServiceClients
{
    private const int MaxHeaderKilobytes = 32;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>A client of several servers, without a key. It follows no redirection: a key would go along.</summary>
    /// <param name="timeout">How long a response may take; null for no limit.</param>
    /// <param name="connectTimeout">How long a connection may take; null for no limit.</param>
    /// <param name="connections">Connections to one server at the same time.</param>
    public static HttpClient Create(TimeSpan? timeout = null, TimeSpan? connectTimeout = null, int connections = int.MaxValue) =>
        new(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            Proxy = new RemoteProxy(),
            ConnectTimeout = connectTimeout ?? Timeout.InfiniteTimeSpan,
            MaxConnectionsPerServer = connections,
            MaxResponseHeadersLength = MaxHeaderKilobytes,
            PooledConnectionLifetime = ConnectionLifetime,
        })
        {
            Timeout = timeout ?? Timeout.InfiniteTimeSpan,
        };

    /// <summary>A client of one server.</summary>
    /// <param name="name">What names the address, for the sentence: a setting, an option, or the server.</param>
    /// <param name="key">The key for every request; null for none.</param>
    /// <param name="timeout">How long a response may take; null for no limit.</param>
    /// <param name="connectTimeout">How long a connection may take; null for no limit.</param>
    /// <exception cref="FormatException">The key would travel in clear, or cannot be a key.</exception>
    public static HttpClient Create(
        Uri server, string name, string? key, TimeSpan? timeout = null, TimeSpan? connectTimeout = null, int connections = int.MaxValue)
    {
        var client = Create(timeout, connectTimeout, connections);
        client.BaseAddress = new Uri(server.AbsoluteUri.TrimEnd('/') + "/");
        if (key is { Length: > 0 })
        {
            ServiceKey.RequireSafe(server, name);
            client.DefaultRequestHeaders.TryAddWithoutValidation(ServiceKey.Header, ServiceKey.RequireKey(key));
        }

        return client;
    }
}
