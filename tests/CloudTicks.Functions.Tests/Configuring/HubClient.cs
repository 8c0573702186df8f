using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;

namespace CloudTicks.Functions.Tests.Configuring;

/// <summary>Sends requests to the central hub of one functions process.</summary>
/// <param name="address">The address of the central hub.</param>
/// <param name="isPatient">
/// Whether a request is repeated while the response is 503: on a busy machine the database may need more time than the hub gives it.
/// </param>
internal sealed class HubClient(Uri address, bool isPatient = false) : IDisposable
{
    public const string Collector = "polygon-live-collector";

    private readonly HttpClient _http = new() { BaseAddress = address, Timeout = Timeout.InfiniteTimeSpan };

    /// <summary>The address of the central hub.</summary>
    public string Address => address.AbsoluteUri;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>Creates a patch of the collector's symbols.</summary>
    public static string Symbols(params string[] symbols) =>
        new JsonObject
        {
            ["operational"] =
            new JsonObject { ["symbols"] = new JsonArray([.. symbols.Select(symbol => JsonValue.Create(symbol))]) }
        }.ToJsonString();

    public Task<HubResponse> GetAsync(string path, string? ifNoneMatch = null) => SendAsync(HttpMethod.Get, path, null, null, ifNoneMatch);

    public Task<HubResponse> PostAsync(string path, string? body, string? ifMatch = null) =>
        SendAsync(HttpMethod.Post, path, body, ifMatch, null);

    public Task<HubResponse> PutAsync(string path, string body, string? ifMatch = null) =>
        SendAsync(HttpMethod.Put, path, body, ifMatch, null);

    public Task<HubResponse> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path, null, null, null);

    public void Dispose() => _http.Dispose();

    private async Task<HubResponse> SendAsync(HttpMethod method, string path, string? body, string? ifMatch, string? ifNoneMatch)
    {
        HubResponse response;
        do
        {
            response = await SendOnceAsync(method, path, body, ifMatch, ifNoneMatch);
        }
        while (isPatient && response.Status == HttpStatusCode.ServiceUnavailable);

        return response;
    }

    private async Task<HubResponse> SendOnceAsync(HttpMethod method, string path, string? body, string? ifMatch, string? ifNoneMatch)
    {
        using var request = new HttpRequestMessage(method, new Uri(address, $"/api/v1/config{path}"));
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        AddTag(request.Headers, "If-Match", ifMatch);
        AddTag(request.Headers, "If-None-Match", ifNoneMatch);
        using var response = await _http.SendAsync(request, Cancellation);
        return new HubResponse(response.StatusCode, response.Headers, response.Content.Headers.ContentType?.MediaType,
            await response.Content.ReadAsStringAsync(Cancellation));
    }

    private static void AddTag(HttpRequestHeaders headers, string name, string? tag)
    {
        if (tag is not null)
        {
            headers.TryAddWithoutValidation(name, tag).ShouldBeTrue();
        }
    }
}

/// <summary>A response of the central hub.</summary>
internal sealed record HubResponse(HttpStatusCode Status, HttpResponseHeaders Headers, string? MediaType, string Text)
{
    public string Tag => Headers.ETag!.ToString();

    public int Version => int.Parse(Headers.GetValues("Config-Version").Single(), CultureInfo.InvariantCulture);

    public JsonObject Json => JsonNode.Parse(Text)!.AsObject();

    /// <summary>The symbols of the document, which is the response or a part of it.</summary>
    public string[] Symbols =>
        [.. (Json["document"] ?? Json)["operational"]!["symbols"]!.AsArray().Select(symbol => symbol!.GetValue<string>())];

    public HubResponse Is(HttpStatusCode status)
    {
        Status.ShouldBe(status, Text);
        return this;
    }
}
