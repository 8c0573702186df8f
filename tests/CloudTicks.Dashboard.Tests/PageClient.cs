using System.Net.Http.Json;
using System.Text.Json;

namespace CloudTicks.Dashboard.Tests;

/// <summary>Imitates a browser's session: keeps the cookie, and sends the token.</summary>
internal sealed class PageClient(HttpClient http)
{
    public string? Cookie { get; set; }

    public string? Token { get; set; }

    /// <summary>The last cookie with its attributes, as the server set it.</summary>
    public string? SetCookie { get; private set; }

    /// <summary>Queries who is signed in, and stores cookie and token.</summary>
    public async Task<JsonElement> ReadSessionAsync() => await ReadTokenAsync(await SendAsync(HttpMethod.Get, "/api/page/session"));

    public async Task<JsonElement> SignInAsync(string key) => await ReadTokenAsync(await TryAsync(key));

    public Task<HttpResponseMessage> TryAsync(string key) => SendAsync(HttpMethod.Post, "/api/page/session", new { key });

    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, object? json = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path) { Content = json is null ? null : JsonContent.Create(json) };
        foreach (var (name, value) in ((string Name, string? Value)[])[("Cookie", Cookie), ("X-CloudTicks-Token", Token), .. headers])
        {
            if (value is not null)
            {
                request.Headers.TryAddWithoutValidation(name, value);
            }
        }

        var response = await http.SendAsync(request, TestContext.Current.CancellationToken);
        if (response.Headers.TryGetValues("Set-Cookie", out var cookies))
        {
            SetCookie = cookies.Single();
            Cookie = SetCookie.Split(';')[0];
        }

        return response;
    }

    private async Task<JsonElement> ReadTokenAsync(HttpResponseMessage response)
    {
        using (response)
        {
            response.EnsureSuccessStatusCode();
            var session = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
            Token = session.GetProperty("token").GetString();
            return session;
        }
    }
}
