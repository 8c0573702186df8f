using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Hub;

internal sealed class HubClient : IDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly string _name;

    /// <param name="name">The server's name in messages: the hub, or another service with the same response format.</param>
    /// <exception cref="FormatException">The key is malformed, or would be sent without encryption.</exception>
    public HubClient(Uri address, string? key, string name = "central hub")
    {
        _name = name;
        _http = ServiceClients.Create(address, $"The {name}", key, MaxWait);
    }

    /// <summary>Sends a GET request.</summary>
    /// <exception cref="HubProblemException">The hub refuses or does not answer, or the server is not a hub.</exception>
    public Task<HubResponse> GetAsync(string path, CancellationToken cancellationToken) =>
        SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    /// <summary>Sends a change.</summary>
    /// <param name="ifMatch">The ETag that must still be in force; null for any.</param>
    /// <exception cref="HubProblemException">
    /// The hub refuses or does not answer, the server is not a hub, or <paramref name="ifMatch"/> is not an ETag.
    /// </exception>
    public async Task<HubResponse> SendAsync(
        HttpMethod method, string path, JsonNode? body, string? ifMatch, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
        }

        if (ifMatch is not null && !request.Headers.TryAddWithoutValidation("If-Match", ifMatch))
        {
            throw new HubProblemException(ExitCodes.Usage, "--if-match: the value is not an ETag.", null);
        }

        try
        {
            using var response = await _http.SendAsync(request, cancellationToken);
            var text = await response.Content.ReadAsStringAsync(cancellationToken);
            return response.IsSuccessStatusCode
                ? Read(response, text)
                : throw HubProblem.Of(response.StatusCode, text, response.Headers.RetryAfter?.Delta);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubProblemException(
                ExitCodes.Unavailable, $"The {_name} at {_http.BaseAddress} has not answered within {MaxWait.TotalSeconds:0} s.", null);
        }
        catch (HttpRequestException exception)
        {
            throw new HubProblemException(
                ExitCodes.Unavailable,
                $"The {_name} at {_http.BaseAddress} does not answer ({exception.Message.TrimEnd('.')}). Is it running? --help explains "
                    + "how to name another address.", null);
        }
    }

    public void Dispose() => _http.Dispose();

    private static HubResponse Read(HttpResponseMessage response, string text)
    {
        try
        {
            int? version = response.Headers.TryGetValues("Config-Version", out var values)
                && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number : null;
            return new HubResponse(
                (int)response.StatusCode, response.Headers.ETag?.ToString(), version, text.Length > 0 ? JsonNode.Parse(text) : null);
        }
        catch (JsonException)
        {
            throw new HubProblemException(
                ExitCodes.Incomplete, $"The server at {response.RequestMessage?.RequestUri?.Authority} is not a CloudTicks hub.", null);
        }
    }
}
