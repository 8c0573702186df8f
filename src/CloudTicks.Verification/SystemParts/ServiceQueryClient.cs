using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.Ticks.Status;
using ServiceDefaults.Clients;

namespace CloudTicks.Verification.SystemParts;

/// <summary>Queries one service over HTTP.</summary>
public sealed class ServiceQueryClient : IDisposable
{
    private const int MaxResponseBytes = 64 << 20;

    private readonly HttpClient _http;
    private readonly TimeSpan _timeout;
    private readonly TimeProvider _time;

    /// <param name="address">The service's address, with a trailing slash.</param>
    /// <param name="key">The key; null for none.</param>
    /// <param name="timeout">The time-out of a request.</param>
    /// <exception cref="FormatException">The key would be sent without encryption, or is malformed.</exception>
    public ServiceQueryClient(string part, Uri address, string? key, TimeSpan timeout, TimeProvider time)
    {
        (Part, Address, _timeout, _time) = (part, address, timeout, time);
        _http = ServiceClients.Create(address, $"The {part}", key);
        _http.MaxResponseContentBufferSize = MaxResponseBytes;
    }

    /// <summary>The service's name in messages.</summary>
    public string Part { get; }

    /// <summary>The service's address.</summary>
    public Uri Address { get; }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    /// <summary>Reads a resource.</summary>
    /// <exception cref="NoResponseException">The service does not answer, or its response cannot be used.</exception>
    internal async Task<T> GetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class => await TryGetAsync<T>(path, cancellationToken) ?? throw UnexpectedResponse(path, "answers 404");

    /// <returns>Null when the resource does not exist (404).</returns>
    /// <exception cref="NoResponseException">The service does not answer, or its response cannot be used.</exception>
    internal async Task<T?> TryGetAsync<T>(string path, CancellationToken cancellationToken)
        where T : class
    {
        var (status, _, text) = await QueryAsync(path, null, TimeSpan.Zero, cancellationToken);
        return status switch
        {
            HttpStatusCode.OK => Parse<T>(path, text),
            HttpStatusCode.NotFound => null,
            _ => throw UnusableStatus(path, status, text),
        };
    }

    /// <summary>Reads a resource unless it has the given ETag.</summary>
    /// <returns>Whether the resource has another ETag (false for 304), and its current ETag.</returns>
    /// <exception cref="NoResponseException">The service does not answer, or its response cannot be used.</exception>
    internal async Task<(bool IsOther, string? Tag)> GetIfChangedAsync(
        string path, string? tag, TimeSpan held, CancellationToken cancellationToken)
    {
        var (status, answered, text) = await QueryAsync(path, tag, held, cancellationToken);
        return status switch
        {
            HttpStatusCode.OK => (true, answered),
            HttpStatusCode.NotModified => (false, answered ?? tag),
            _ => throw UnusableStatus(path, status, text),
        };
    }

    private async Task<(HttpStatusCode Status, string? Tag, string Text)> QueryAsync(
        string path, string? tag, TimeSpan held, CancellationToken cancellationToken)
    {
        using var timeout = new CancellationTokenSource(_timeout + held, _time);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, timeout.Token);
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(path, UriKind.Relative));
        if (tag is not null)
        {
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellation.Token);
            return (response.StatusCode, response.Headers.ETag?.ToString(), await response.Content.ReadAsStringAsync(cancellation.Token));
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw Unreachable($"has not answered for {(_timeout + held).TotalSeconds:0} s");
        }
        catch (HttpRequestException problem)
        {
            throw Unreachable($"does not answer ({problem.Message.TrimEnd('.')})");
        }
    }

    private T Parse<T>(string path, string text)
    {
        try
        {
            return JsonSerializer.Deserialize<T>(text, StatusJson.Strict) ?? throw UnexpectedResponse(path, "sends an empty response");
        }
        catch (JsonException)
        {
            throw UnexpectedResponse(path, "sends an unexpected response");
        }
    }

    private NoResponseException UnusableStatus(string path, HttpStatusCode status, string text) => status switch
    {
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => new NoResponseException(
            Part, isUnreachable: false, $"The {Part} at {Address.Authority} refuses the request ({(int)status}).",
            "Set CLOUDTICKS_HUB_KEY to a reader's key; create one with cloudticks keys create NAME --role reader."),
        >= HttpStatusCode.InternalServerError => Unreachable($"answers {(int)status}{Title(text)}"),
        _ => UnexpectedResponse(path, $"answers {(int)status}{Title(text)}"),
    };

    private NoResponseException Unreachable(string what) =>
        new(Part, isUnreachable: true, $"The {Part} at {Address.Authority} {what}.",
            $"Is it running, and is this its address? If not, name another with --{(Part == Parts.Hub ? "hub" : Part)}.");

    private NoResponseException UnexpectedResponse(string path, string what) =>
        new(Part, isUnreachable: false,
            $"The server at {Address.Authority} {what} for /{path}. It may be another program, or another version of the {Part}.",
            $"Name another address with --{(Part == Parts.Hub ? "hub" : Part)}.");

    private static string Title(string text)
    {
        try
        {
            return JsonNode.Parse(text)?["title"]?.GetValue<string>() is { } title ? $": {title.TrimEnd('.')}" : "";
        }
        catch (Exception none) when (none is JsonException or InvalidOperationException)
        {
            // A proxy's error page is not JSON.
            return "";
        }
    }
}
