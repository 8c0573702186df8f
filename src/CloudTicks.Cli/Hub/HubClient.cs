using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Access;
using ServiceDefaults.Access;

namespace CloudTicks.Cli.Hub;

/// <summary>Speaks with the central hub over HTTP. The key goes into a header, and over nothing but this machine or TLS.</summary>
internal sealed class HubClient : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly HttpClient _http;
    private readonly string? _key;
    private readonly string _name;

    /// <param name="address">Where it is.</param>
    /// <param name="key">The key, if there is one.</param>
    /// <param name="name">What is asked, for sentences: processes answer as the hub does.</param>
    /// <exception cref="HubProblemException">The key would go over the network in the open.</exception>
    public HubClient(Uri address, string? key, string name = "central hub")
    {
        _name = name;
        if (key is { Length: > 0 } && !AccessKey.MayTravelTo(address))
        {
            throw new HubProblemException(
                ExitCodes.Usage, $"The key in {AccessKey.Variable} would go over the network in the open: write https:// before the hub's address.", null);
        }

        // A redirection would take the key elsewhere.
        _http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseProxy = !LocalRule.IsLoopbackName(address.Host) }) { BaseAddress = address, Timeout = Patience };
        _key = key is { Length: > 0 } ? key : null;
    }

    /// <summary>Asks for something.</summary>
    /// <exception cref="HubProblemException">The hub refuses, or does not answer.</exception>
    public Task<HubAnswer> GetAsync(string path, CancellationToken cancellationToken) => SendAsync(HttpMethod.Get, path, null, null, cancellationToken);

    /// <summary>Asks for a change.</summary>
    /// <param name="method">POST, PUT or DELETE.</param>
    /// <param name="path">The path with its query, without a slash before it.</param>
    /// <param name="body">The JSON; null for none.</param>
    /// <param name="ifMatch">The ETag that must be in force still; null when any may be.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The answer, which is one of success.</returns>
    /// <exception cref="HubProblemException">The hub refuses, or does not answer.</exception>
    public async Task<HubAnswer> SendAsync(HttpMethod method, string path, JsonNode? body, string? ifMatch, CancellationToken cancellationToken)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (body is not null)
        {
            request.Content = new ByteArrayContent(JsonSerializer.SerializeToUtf8Bytes(body)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        }

        if (_key is not null && !request.Headers.TryAddWithoutValidation(AccessKey.Header, _key))
        {
            throw new HubProblemException(ExitCodes.Usage, $"What is in {AccessKey.Variable} is no key.", null);
        }

        if (ifMatch is not null && !request.Headers.TryAddWithoutValidation("If-Match", ifMatch))
        {
            throw new HubProblemException(ExitCodes.Usage, "--if-match: it is no ETag.", null);
        }

        try
        {
            using var answer = await _http.SendAsync(request, cancellationToken);
            var text = await answer.Content.ReadAsStringAsync(cancellationToken);
            return answer.IsSuccessStatusCode ? Read(answer, text) : throw HubProblem.Of(answer.StatusCode, text, answer.Headers.RetryAfter?.Delta);
        }
        catch (TaskCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new HubProblemException(ExitCodes.Away, $"The {_name} at {_http.BaseAddress} has not answered for {Patience.TotalSeconds:0} s.", null);
        }
        catch (HttpRequestException exception)
        {
            throw new HubProblemException(
                ExitCodes.Away, $"The {_name} at {_http.BaseAddress} does not answer: {exception.Message} Is it running? See --help for how to name another address.", null);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private static HubAnswer Read(HttpResponseMessage answer, string text)
    {
        try
        {
            int? version = answer.Headers.TryGetValues("Config-Version", out var values) && int.TryParse(values.First(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
                ? number : null;
            return new HubAnswer((int)answer.StatusCode, answer.Headers.ETag?.ToString(), version, text.Length > 0 ? JsonNode.Parse(text) : null);
        }
        catch (JsonException)
        {
            throw new HubProblemException(ExitCodes.Incomplete, $"What answers at {answer.RequestMessage?.RequestUri?.Authority} is no hub of CloudTicks.", null);
        }
    }
}
