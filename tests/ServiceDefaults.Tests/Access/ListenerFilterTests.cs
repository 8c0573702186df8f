using System.Net;

namespace ServiceDefaults.Tests.Access;

/// <summary>The requests that every listener refuses, whatever its routes.</summary>
public class ListenerFilterTests
{
    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "http://127.0.0.1:1")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    public async Task Page_of_another_origin_changes_and_reads_nothing_on_any_path(string header, string value)
    {
        await using var app = await FilteredApp.StartAsync();

        foreach (var (
            method, path) in new[] { ("POST", "/change"), ("GET", "/page"), ("GET", "/open"), ("GET", "/health"), ("GET", "/alive"),
            ("GET", "/nowhere") })
        {
            (await app.SendAsync(method, path, (header, value))).Status.ShouldBe(HttpStatusCode.Forbidden, $"{method} {path}");
        }

        app.Changes.ShouldBe(0);
        (await app.SendAsync("POST", "/change")).Status.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Cross_site_link_opens_only_pages_and_health()
    {
        await using var app = await FilteredApp.StartAsync();
        (string, string)[] link = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "document")];
        (string, string)[] frame = [("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Mode", "navigate"), ("Sec-Fetch-Dest", "iframe")];

        (await app.SendAsync("GET", "/page", link)).Text.ShouldBe("a page");
        (await app.SendAsync("GET", "/health", link)).Status.ShouldBe(HttpStatusCode.OK);
        (await app.SendAsync("GET", "/page", frame)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await app.SendAsync("GET", "/open", link)).Status.ShouldBe(HttpStatusCode.Forbidden);
        (await app.SendAsync("POST", "/change", link)).Status.ShouldBe(HttpStatusCode.Forbidden);
    }

    [Theory]
    [InlineData("http://127.0.0.1:0", false, HttpStatusCode.Forbidden)]
    [InlineData("http://127.0.0.1:0", true, HttpStatusCode.OK)]
    [InlineData("http://0.0.0.0:0", false, HttpStatusCode.OK)]
    public async Task Open_routes_accept_foreign_hosts_only_if_keys_are_needed(
        string urls, bool requireKeys, HttpStatusCode expected)
    {
        await using var app = await FilteredApp.StartAsync(urls, ("Listening:RequireKeys", $"{requireKeys}"));

        foreach (var path in new[] { "/health", "/alive", "/open" })
        {
            (await app.SendAsync("GET", path, ("Host", "evil.example"))).Status.ShouldBe(expected, path);
            (await app.SendAsync("GET", path)).Status.ShouldBe(HttpStatusCode.OK, path);
        }
    }

    [Theory]
    [InlineData("GET", "/nowhere", HttpStatusCode.NotFound, "\"status\":404")]
    [InlineData("GET", "/change", HttpStatusCode.MethodNotAllowed, "accepts only POST")]
    [InlineData("GET", "/fail", HttpStatusCode.InternalServerError, "its log says why")]
    public async Task Error_without_a_body_is_a_JSON_problem(
        string method, string path, HttpStatusCode status, string part)
    {
        await using var app = await FilteredApp.StartAsync();

        foreach (var accept in new[] { "*/*", "text/html" })
        {
            var response = await app.SendAsync(method, path, ("Accept", accept));

            (response.Status, response.Type?.MediaType).ShouldBe((status, "application/problem+json"));
            response.Text.ShouldContain(part);
            response.Text.ShouldNotContain("canary");
        }
    }

    [Fact]
    public async Task Unknown_setting_of_the_listeners_ends_the_start() =>
        (await Should.ThrowAsync<InvalidOperationException>(
            () => FilteredApp.StartAsync(settings: ("Listening:RequireKey", "true")))).Message.ShouldContain("RequireKey");
}
