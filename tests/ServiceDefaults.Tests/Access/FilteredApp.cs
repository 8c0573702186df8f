using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using ServiceDefaults.Access;

namespace ServiceDefaults.Tests.Access;

/// <summary>
/// A service with the defaults and four routes: one that changes something, one for browsers, one without a key, and one that fails.
/// </summary>
internal sealed class FilteredApp : IAsyncDisposable
{
    private readonly WebApplication _app;
    private readonly HttpClient _http;
    private int _changeCount;

    private FilteredApp(WebApplication app)
    {
        _app = app;
        app.UseServiceDefaults();
        app.MapPost("/change", () => Interlocked.Increment(ref _changeCount));
        app.MapGet("/page", () => "a page").AllowAnonymous();
        app.MapGet("/open", () => "no key needed").WithMetadata(new LocalNamesOnly());
        app.MapGet("/fail", string () => throw new InvalidOperationException("canary"));
        _http = new HttpClient();
    }

    /// <summary>The number of executed changes.</summary>
    public int Changes => Volatile.Read(ref _changeCount);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static async Task<FilteredApp> StartAsync(string urls = "http://127.0.0.1:0", params (string Name, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls(urls);
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => new KeyValuePair<string, string?>(setting.Name, setting.Value)));
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        var filtered = new FilteredApp(builder.Build());
        await filtered._app.StartAsync(Cancellation);
        filtered._http.BaseAddress = new Uri($"http://127.0.0.1:{new Uri(filtered._app.Urls.First()).Port}");
        return filtered;
    }

    public async Task<(HttpStatusCode Status, MediaTypeHeaderValue? Type, string Text)> SendAsync(
        string method, string path, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await _http.SendAsync(request, Cancellation);
        response.Headers.Where(header => header.Key.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase)).ShouldBeEmpty();
        return (response.StatusCode, response.Content.Headers.ContentType, await response.Content.ReadAsStringAsync(Cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        _http.Dispose();
        await _app.DisposeAsync();
    }
}
