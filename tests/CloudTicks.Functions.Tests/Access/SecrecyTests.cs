using System.Text;
using System.Text.Json;
using CloudTicks.CentralHub.Access;
using CloudTicks.TestServices;
using ServiceDefaults.Clients;

namespace CloudTicks.Functions.Tests.Access;

public class SecrecyTests(PostgresFixture postgres)
{
    private const string WriterKey = "canary0writer0canary0writer0canary0writer";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Key_appears_only_in_the_response_that_creates_it()
    {
        await using var system = await TestSystem.StartAsync(postgres);
        var functions = await system.StartFunctionsOnAsync(
            "http://0.0.0.0:0", (AccessKey.FirstWriterVariable, WriterKey), ("LOG_LEVEL", "DEBUG"));
        using var http = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{(await functions.AddressAsync()).Port}") };
        await system.UntilAsync(async () => (await SendAsync(http, "GET", "/api/v1/keys", WriterKey))
            .StartsWith("200", StringComparison.Ordinal) ? null : "no keys yet");
        var created = await SendAsync(http, "POST", "/api/v1/keys", WriterKey, """{"name":"research","role":"writer"}""");
        using var json = JsonDocument.Parse(created[(created.IndexOf("\r\n\r\n", StringComparison.Ordinal) + 4)..]);
        var (id, key) = (json.RootElement.GetProperty("id").GetString()!, json.RootElement.GetProperty("key").GetString()!);

        var responses = new List<string>();
        foreach (var used in new[] { WriterKey, key, $"{key}wrong", key[..^1] + (key[^1] == '0' ? '1' : '0') })
        {
            responses.Add(await SendAsync(http, "GET", "/api/v1/keys", used));
            responses.Add(await SendAsync(http, "GET", "/api/v1/keys/self", used));
            responses.Add(await SendAsync(http, "GET", "/api/v1/settings", used));
            responses.Add(await SendAsync(http, "GET", "/api/v1/config", used));
            responses.Add(await SendAsync(http, "GET", $"/api/v1/status?code={used}", used));
            responses.Add(await SendAsync(http, "GET", $"/api/v1/symbols?limit={used}", used));
            responses.Add(await SendAsync(http, "POST", "/db_command", used, """{"command":"none"}"""));
            responses.Add(await SendAsync(http, "DELETE", $"/api/v1/keys/{used}", used));
            responses.Add(await SendAsync(http, "POST", "/api/v1/keys", used, """{"name":"research","role":"owner"}"""));
        }

        responses.Add(await SendAsync(http, "GET", "/api/v1/audit", key));
        responses.Add(await SendAsync(http, "DELETE", $"/api/v1/keys/{id}", key));
        // While the database does not respond in time, known keys stay valid.
        await system.UntilAsync(async () =>
        {
            responses.Add(await SendAsync(http, "GET", "/api/v1/keys/self", key));
            return responses[^1].StartsWith("401", StringComparison.Ordinal) ? null : $"The key is still valid: {responses[^1]}";
        });
        responses.Add(await SendAsync(http, "GET", "/health", WriterKey));
        responses.Add(await SendAsync(http, "GET", "/api/v1/audit", WriterKey));

        // The id is public, the secret after it is not. Sixteen matching digits cannot be a coincidence.
        var secret = key.Split('_')[2];
        foreach (var text in responses.Append(functions.Log).Append(await TablesAsync(system)))
        {
            text.ShouldNotContain(secret[..16]);
            text.ShouldNotContain("canary");
        }
    }

    private static async Task<string> TablesAsync(TestSystem system)
    {
        var tables = await system.QueryAsync<string>(
            "SELECT string_agg(quote_ident(tablename), ' ') FROM pg_tables WHERE schemaname = 'public'");
        tables.ShouldContain("access_keys");
        var tableTexts = new StringBuilder();
        foreach (var table in tables.Split(' '))
        {
            tableTexts.AppendLine(await system.QueryAsync<string>($"SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t"));
        }

        return tableTexts.ToString();
    }

    /// <summary>Sends a request until it gets another status than 503: on a busy machine the keys may be read too slowly.</summary>
    private static async Task<string> SendAsync(HttpClient http, string method, string path, string key, string? body = null)
    {
        string response;
        do
        {
            response = await SendOnceAsync(http, method, path, key, body);
        }
        while (response.StartsWith("503", StringComparison.Ordinal));

        return response;
    }

    private static async Task<string> SendOnceAsync(HttpClient http, string method, string path, string key, string? body)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        request.Headers.Add(ServiceKey.Header, key);
        if (body is not null)
        {
            request.Content = new StringContent(body, Encoding.UTF8, "application/json");
        }

        using var response = await http.SendAsync(request, Cancellation);
        return $"{(int)response.StatusCode}\r\n{response.Headers}\r\n\r\n{await response.Content.ReadAsStringAsync(Cancellation)}";
    }
}
