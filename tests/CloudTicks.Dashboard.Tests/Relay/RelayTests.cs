using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using CloudTicks.TestServices;

namespace CloudTicks.Dashboard.Tests.Relay;

/// <summary>Which requests are forwarded to the functions, and which are not.</summary>
public sealed class RelayTests
{
    private const string Nats = "nats://127.0.0.1:9";

    [Theory]
    [InlineData("/api/v1/candles/EURUSD?interval=1m&from=2026-11-20T00:00Z")]
    [InlineData("/api/v1/candles/EUR%2FUSD?interval=1m")]
    [InlineData("/api/v1/quotes/EUR%2FUSD/latest")]
    [InlineData("/api/v1/ticks/O:SPY251219C00650000?format=csv&cursor=1.2.3")]
    [InlineData("/api/v1/config/polygon-live-collector/versions/3")]
    public async Task Request_is_forwarded_unchanged(string target)
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await RunningDashboard.StartAsync(Nats, settings: ("Dashboard:Functions", hub.Address));
        var echo = await page.Http.GetFromJsonAsync<JsonElement>(target, TestContext.Current.CancellationToken);
        echo.GetProperty("target").GetString().ShouldBe(target);
        echo.GetProperty("method").GetString().ShouldBe("GET");
        echo.GetProperty("key").GetString().ShouldBe("");
    }

    [Theory]
    [InlineData("GET", "/api/v1/keys")]
    [InlineData("GET", "/api/v1/settings")]
    [InlineData("GET", "/api/v1/openapi.json")]
    [InlineData("GET", "/api/v1/candles/../keys")]
    [InlineData("GET", "/api/v1/candles/%2e%2e/keys")]
    [InlineData("GET", "/api/v1/config/../../db_command")]
    [InlineData("POST", "/api/v1/keys")]
    [InlineData("POST", "/db_command")]
    [InlineData("POST", "/api/v1/config/tick-functions/instances/x")]
    [InlineData("DELETE", "/api/v1/keys/0123456789ab")]
    public async Task Other_requests_are_not_forwarded(string method, string target)
    {
        await using var hub = await StubHub.StartAsync();
        // The clock is stopped, so that no lookup of the key times out.
        await using var page = await RunningDashboard.StartAsync(Nats, new TestTime(), ("Dashboard:Functions", hub.Address));
        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        await client.SignInAsync(StubHub.Writer);
        using var response = await client.SendAsync(new HttpMethod(method), target, method == "POST" ? new { } : null);
        ((int)response.StatusCode).ShouldBeOneOf(404, 405);
    }

    [Fact]
    public async Task Unavailable_functions_are_reported_with_a_remedy()
    {
        await using var page = await RunningDashboard.StartAsync(Nats);
        using var response = await page.Http.GetAsync("/api/v1/config", TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.ServiceUnavailable);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        problem.GetProperty("detail").GetString()!.ShouldContain("Dashboard__Functions");
    }

    [Theory]
    [InlineData(301 * 1024)]
    [InlineData(1100 * 1024)]
    public async Task Body_that_is_too_large_is_refused(int bytes)
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await RunningDashboard.StartAsync(Nats, new TestTime(), ("Dashboard:Functions", hub.Address));
        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        await client.SignInAsync(StubHub.Writer);
        // A server that refuses because of the announced length closes the connection, so a client that has begun to send may not receive
        // the response.
        using var response = await client.SendAsync(
            HttpMethod.Post, "/api/v1/config/tick-functions", new { text = new string('a', bytes) }, ("Expect", "100-continue"));
        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
    }
}
