using Microsoft.Extensions.Options;
using ServiceDefaults.Clients;

namespace CloudTicks.Dashboard.Services;

/// <summary>Calls the services behind the dashboard with the signed-in user's key, or else with the dashboard's own.</summary>
internal sealed class ServiceClient : IDisposable
{
    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(2);

    private readonly HttpClient _http = ServiceClients.Create(connectTimeout: ConnectTimeout);
    private readonly string? _key;

    public ServiceClient(IConfiguration configuration, IOptions<DashboardOptions> options)
    {
        Functions = options.Value.Functions;
        Collectors = options.Value.Collectors.Count > 0 ? [.. options.Value.Collectors] : [new Uri("http://127.0.0.1:8000")];
        Relay = options.Value.Relay;
        _key = configuration[ServiceKey.Variable]?.Trim() is { Length: > 0 } key ? key : null;
    }

    public Uri Functions { get; }

    public IReadOnlyList<Uri> Collectors { get; }

    public Uri? Relay { get; }

    public static Uri At(Uri service, string pathAndQuery) => new(service.AbsoluteUri.TrimEnd('/') + pathAndQuery);

    /// <summary>Sends a request, and returns when the response headers have arrived.</summary>
    /// <exception cref="HttpRequestException">The service does not answer.</exception>
    public Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, string? key, CancellationToken cancellationToken)
    {
        if ((key ?? _key) is { } sentKey)
        {
            request.Headers.TryAddWithoutValidation(ServiceKey.Header, sentKey);
        }

        return _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
    }

    public void Dispose() => _http.Dispose();
}
