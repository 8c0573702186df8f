using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Dashboard.Tests.Sessions;

/// <summary>Signing in, and the routes that need it.</summary>
public sealed class SessionTests
{
    private const string Nats = "nats://127.0.0.1:9";

    /// <summary>Settings for a server that other machines can reach; the test connects through loopback.</summary>
    private static readonly (string Name, string Value)[] Remote = [("urls", "http://0.0.0.0:0"), ("CLOUDTICKS_HUB_KEY", StubHub.Reader)];

    private readonly TestTime _time = new();

    [Fact]
    public async Task Visitor_without_key_reads_and_may_not_write()
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub);
        var client = new PageClient(page.Http);
        var session = await client.ReadSessionAsync();
        session.GetProperty("role").GetString().ShouldBe("reader");
        session.GetProperty("can_write").GetBoolean().ShouldBeFalse();
        session.GetProperty("name").ValueKind.ShouldBe(JsonValueKind.Null);
        client.SetCookie!.ToLowerInvariant().ShouldContain("httponly");
        client.SetCookie!.ToLowerInvariant().ShouldContain("samesite=strict");

        using var read = await client.SendAsync(HttpMethod.Get, "/api/v1/config");
        read.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var write = await client.SendAsync(HttpMethod.Post, "/api/v1/config/tick-functions", new { });
        write.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Writers_key_is_used_for_changes_and_in_no_response()
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub);
        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        var before = client.Cookie;
        using (var signIn = await client.TryAsync(StubHub.Writer))
        {
            var text = await signIn.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            text.ShouldContain("\"name\":\"anna\"");
            text.ShouldContain("\"can_write\":true");
            text.ShouldNotContain(StubHub.Writer);
        }

        client.Cookie.ShouldNotBe(before);
        await client.ReadSessionAsync();
        using var write = await client.SendAsync(
            HttpMethod.Put, "/api/v1/config/tick-functions?dryRun=true&comment=x%20y", new { a = 1 }, ("If-Match", "\"6\""));
        var echo = await write.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        echo.GetProperty("key").GetString().ShouldBe(StubHub.Writer);
        echo.GetProperty("cookie").GetString().ShouldBe("");
        echo.GetProperty("target").GetString().ShouldBe("/api/v1/config/tick-functions?dryRun=true&comment=x%20y");
        echo.GetProperty("if_match").GetString().ShouldBe("\"6\"");
        echo.GetProperty("body").GetString().ShouldBe("{\"a\":1}");
        write.Headers.Contains("Set-Cookie").ShouldBeFalse();
        write.Headers.ETag!.Tag.ShouldBe("\"7\"");

        using var signOut = await client.SendAsync(HttpMethod.Delete, "/api/page/session");
        signOut.StatusCode.ShouldBe(HttpStatusCode.OK);
        (await client.ReadSessionAsync()).GetProperty("can_write").GetBoolean().ShouldBeFalse();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("0000000000000000000000000000000000000000000000000000000000000000")]
    public async Task Change_without_the_token_of_its_session_is_refused(string? token)
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub);
        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        await client.SignInAsync(StubHub.Writer);
        client.Token = token;
        using var write = await client.SendAsync(HttpMethod.Post, "/api/v1/rollouts/x/pause");
        write.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await ReasonAsync(write)).ShouldBe("token");
    }

    [Fact]
    public async Task Page_of_another_origin_is_refused()
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub);
        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        using var foreignOriginResponse = await client.SendAsync(HttpMethod.Get, "/api/v1/config", null, ("Origin", "https://example.com"));
        foreignOriginResponse.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var crossSiteResponse = await client.SendAsync(HttpMethod.Get, "/api/page/session", null, ("Sec-Fetch-Site", "cross-site"));
        crossSiteResponse.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        using var name = await client.SendAsync(HttpMethod.Get, "/api/v1/config", null, ("Host", "rebound.example"));
        name.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task Wrong_keys_are_refused_and_attempts_are_limited()
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub);
        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        using (var reader = await client.TryAsync(StubHub.Reader))
        {
            reader.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        }

        for (var guess = 0; guess < 5; guess++)
        {
            using var wrong = await client.TryAsync($"ctk_wrong{guess}");
            wrong.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        }

        var asked = hub.LookupCount;
        using (var lateAttempt = await client.TryAsync(StubHub.Writer))
        {
            lateAttempt.StatusCode.ShouldBe(HttpStatusCode.TooManyRequests);
            lateAttempt.Headers.RetryAfter!.Delta!.Value.ShouldBeInRange(TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(60));
        }

        hub.LookupCount.ShouldBe(asked);
        _time.Advance(TimeSpan.FromMinutes(1));
        (await client.SignInAsync(StubHub.Writer)).GetProperty("role").GetString().ShouldBe("writer");
    }

    [Fact]
    public async Task Session_ends_when_idle_and_after_eight_hours()
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub);
        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        await client.SignInAsync(StubHub.Writer);
        for (var elapsed = TimeSpan.Zero; elapsed < TimeSpan.FromMinutes(464); elapsed += TimeSpan.FromMinutes(29))
        {
            _time.Advance(TimeSpan.FromMinutes(29));
            (await client.ReadSessionAsync()).GetProperty("can_write").GetBoolean().ShouldBeTrue();
        }

        _time.Advance(TimeSpan.FromMinutes(17));
        (await client.ReadSessionAsync()).GetProperty("can_write").GetBoolean().ShouldBeFalse();
        await client.SignInAsync(StubHub.Writer);
        _time.Advance(TimeSpan.FromMinutes(30));
        (await client.ReadSessionAsync()).GetProperty("can_write").GetBoolean().ShouldBeFalse();
    }

    [Fact]
    public async Task Revoked_key_ends_its_session()
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub);
        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        await client.SignInAsync(StubHub.Writer);
        hub.IsRevoked = true;
        _time.Advance(TimeSpan.FromSeconds(11));
        (await client.ReadSessionAsync()).GetProperty("can_write").GetBoolean().ShouldBeFalse();
        using var write = await client.SendAsync(HttpMethod.Post, "/api/v1/rollouts/x/pause");
        write.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Dashboard_on_all_addresses_does_not_start_without_a_key()
    {
        var refusal = await Should.ThrowAsync<FormatException>(
            () => RunningDashboard.StartAsync(Nats, settings: ("urls", "http://0.0.0.0:0")));
        refusal.Message.ShouldContain("CLOUDTICKS_HUB_KEY");
    }

    [Fact]
    public async Task Dashboard_on_all_addresses_serves_nothing_before_the_sign_in()
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub, Remote);
        var client = new PageClient(page.Http);
        (await client.ReadSessionAsync()).GetProperty("role").GetString().ShouldBe("none");
        foreach (var path in (string[])["/api/v1/config", "/api/page/board", "/api/page/live/EURUSD"])
        {
            using var response = await client.SendAsync(HttpMethod.Get, path);
            response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        }

        (await client.SignInAsync(StubHub.Reader)).GetProperty("role").GetString().ShouldBe("reader");
        using var read = await client.SendAsync(HttpMethod.Get, "/api/v1/config");
        read.StatusCode.ShouldBe(HttpStatusCode.OK);
        using var write = await client.SendAsync(HttpMethod.Post, "/api/v1/rollouts/x/pause");
        write.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task Every_route_except_the_page_files_requires_a_key()
    {
        string[] open = ["/", "/symbol/{symbol}", "/pipeline", "/configuration", "/health", "/alive", "/api/page/session"];
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub, Remote);
        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        var asked = new List<string>();
        foreach (var endpoint in page.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>())
        {
            var route = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            if (open.Contains(route))
            {
                continue;
            }

            var path = Regex.Replace(route, "{[^}]+}", "EURUSD");
            foreach (var method in endpoint.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["GET", "POST"])
            {
                using var response = await client.SendAsync(
                    new HttpMethod(method), path, method == "GET" ? null : new { symbols = new[] { "EURUSD" } });
                response.StatusCode.ShouldBe(HttpStatusCode.Unauthorized, $"{method} {path}");
                asked.Add(route);
            }
        }

        asked.ShouldContain("/api/page/board");
        asked.ShouldContain("/api/v1/candles/{**symbol}");
    }

    [Fact]
    public async Task Stream_ends_when_its_reader_signs_out()
    {
        await using var hub = await StubHub.StartAsync();
        await using var page = await StartAsync(hub, Remote);
        var client = new PageClient(page.Http);
        await client.ReadSessionAsync();
        await client.SignInAsync(StubHub.Reader);
        var cookie = client.Cookie!;
        using var stream = await EventReader.OpenAsync(page.Http, "/api/page/board", ("Cookie", cookie));
        await stream.NextAsync("board");

        using (var signOut = await client.SendAsync(HttpMethod.Delete, "/api/page/session"))
        {
            (await signOut.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("role").GetString()
                .ShouldBe("none");
        }

        while (await stream.LineAsync() is not null)
        {
        }

        client.Cookie = cookie;
        using var again = await client.SendAsync(HttpMethod.Get, "/api/page/board");
        again.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    private static async Task<string?> ReasonAsync(HttpResponseMessage response) =>
        (await response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken)).GetProperty("reason").GetString();

    private Task<RunningDashboard> StartAsync(StubHub hub, params (string Name, string Value)[] settings) =>
        RunningDashboard.StartAsync(Nats, _time, [("Dashboard:Functions", hub.Address), .. settings]);
}
