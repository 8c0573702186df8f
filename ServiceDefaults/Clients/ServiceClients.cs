namespace ServiceDefaults.Clients;

/// <summary>Creates the HTTP clients with which our programs query our services.</summary>
public static class ServiceClients
{
    private const int MaxHeaderKilobytes = 32;

    private static readonly TimeSpan ConnectionLifetime = TimeSpan.FromMinutes(2);

    /// <summary>
    /// A client for several servers, without a key. It follows no redirects, because a redirect would forward a key that the caller adds.
    /// </summary>
    /// <param name="timeout">Maximum duration of a request; null for no limit.</param>
    /// <param name="connectTimeout">Maximum duration of connecting; null for no limit.</param>
    /// <param name="connections">Maximum number of concurrent connections to one server.</param>
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

    /// <summary>A client for one server.</summary>
    /// <param name="name">The setting, option or server that the address belongs to, for error messages.</param>
    /// <param name="key">The key for every request; null for none.</param>
    /// <param name="timeout">Maximum duration of a request; null for no limit.</param>
    /// <param name="connectTimeout">Maximum duration of connecting; null for no limit.</param>
    /// <exception cref="FormatException">The key would be sent unencrypted, or is not a valid key.</exception>
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
