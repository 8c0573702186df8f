using System.Net;
using System.Net.WebSockets;
using System.Text;
using CloudTicks.Dashboard.BrowserTests.Browsing;
using CloudTicks.Dashboard.BrowserTests.Systems;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Dashboard.BrowserTests;

/// <summary>A malicious web page attacks the HTTP listeners of a running system (table in docs/security.md).</summary>
[Collection(WholeSystemCollection.Name)]
public sealed class ForeignPageTests(ChromiumFixture chromium, WholeSystemFixture fixture)
{
    private const string ForeignOrigin = "http://evil.example";
    private const string Fault = """{"fault":"silence"}""";

    /// <summary>The listeners, with the paths at which a malicious page would change or read something.</summary>
    private IReadOnlyList<(string Name, Uri Address, string[] Changes, string[] Reads)> Listeners =>
    [
        ("functions", fixture.System.Functions.Address,
            ["/db_command", "/api/v1/config/polygon-live-collector", "/api/v1/keys"],
            ["/api/v1/status", "/api/v1/config/polygon-live-collector", "/api/v1/quotes/latest", "/api/v1/keys", "/health", "/alive"]),
        ("collector", fixture.System.Collector.Address,
            ["/api/v1/backfill"],
            ["/api/v1/status", "/api/v1/settings", "/api/v1/gaps", "/health", "/alive"]),
        ("dashboard", fixture.System.Dashboard.Address,
            ["/api/page/session", "/api/page/board/1/view"],
            ["/api/page/board", "/api/page/pipeline", "/api/v1/config", "/api/page/live/EURUSD", "/health", "/alive"]),
        ("simulator", fixture.System.Simulator.Address,
            ["/api/v1/faults", "/api/v1/stop"],
            ["/api/v1/sent", "/api/v1/faults", "/api/v1/connections", "/v3/quotes/C:EUR-USD", "/v1/marketstatus/now", "/health", "/alive"]),
        ("event hub", fixture.System.EventHubHealth, [], ["/health", "/alive"]),
    ];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Origin", ForeignOrigin)]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Host", "evil.example")]
    public async Task No_listener_lets_a_foreign_page_change_or_read_anything(string header, string value)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false });
        foreach (var (name, address, changes, reads) in Listeners)
        {
            foreach (var path in changes)
            {
                foreach (var type in new[] { "text/plain", "application/x-www-form-urlencoded", "application/json" })
                {
                    await RefusedAsync(http, $"{name} POST {path} {type}", HttpMethod.Post, new Uri(address, path), type, (header, value));
                }

                await RefusedAsync(http, $"{name} DELETE {path}", HttpMethod.Delete, new Uri(address, path), null, (header, value));
            }

            foreach (var path in reads)
            {
                await RefusedAsync(http, $"{name} GET {path}", HttpMethod.Get, new Uri(address, path), null, (header, value));
            }
        }

        await ShouldBeUnchangedAsync(http);
    }

    [Fact]
    public async Task Foreign_page_gets_no_preflight_and_no_web_socket()
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false });
        foreach (var (name, address, changes, reads) in Listeners)
        {
            foreach (var path in changes.Concat(reads))
            {
                await RefusedAsync(
                    http, $"{name} OPTIONS {path}", HttpMethod.Options, new Uri(address, path), null,
                    ("Origin", ForeignOrigin), ("Access-Control-Request-Method", "POST"),
                    ("Access-Control-Request-Headers", "x-functions-key,content-type"));
            }

            foreach (var path in new[] { "/forex", "/stocks", "/options", "/crypto", "/" })
            {
                using var socket = new ClientWebSocket();
                socket.Options.SetRequestHeader("Origin", ForeignOrigin);
                await Should.ThrowAsync<WebSocketException>(
                    () => socket.ConnectAsync(new UriBuilder(address) { Scheme = "ws", Path = path }.Uri, Cancellation));
            }
        }

        await ShouldBeUnchangedAsync(http);
    }

    /// <summary>Pages on other ports of this machine are same-site, so the browser blocks less than for pages of another site.</summary>
    [Fact]
    public async Task Foreign_page_in_a_browser_reads_and_changes_nothing()
    {
        await using var foreignPage = await StartPageAsync();
        await using var tab = await chromium.OpenAsync();
        using var http = new HttpClient();
        await tab.GoAsync(new Uri(foreignPage.Urls.Single()), "/");
        foreach (var (name, address, changes, reads) in Listeners)
        {
            foreach (var path in changes)
            {
                (await TryAsync(tab, "post", new Uri(address, path))).ShouldBe("nothing", $"{name} {path}");
                await TryAsync(tab, "form", new Uri(address, path));
            }

            foreach (var path in reads)
            {
                (await TryAsync(tab, "read", new Uri(address, path))).ShouldBe("nothing", $"{name} {path}");
            }

            (await TryAsync(tab, "socket", new UriBuilder(address) { Scheme = "ws", Path = "/forex" }.Uri)).ShouldBe("nothing", name);
        }

        await ShouldBeUnchangedAsync(http);
    }

    /// <summary>
    /// A page whose host name resolves to this machine has the same origin as our servers, so the browser does not protect them.
    /// </summary>
    [Fact]
    public async Task Page_with_a_rebound_name_reads_nothing_in_a_browser()
    {
        await using var tab = await chromium.OpenAsync();
        foreach (var (_, address, _, reads) in Listeners)
        {
            foreach (var path in reads)
            {
                var response =
                    await tab.Page.GotoAsync(new UriBuilder(new Uri(address, path)) { Host = ChromiumFixture.ReboundHost }.Uri.ToString());
                response!.Status.ShouldBeOneOf(401, 403);
            }
        }
    }

    private static Task<string> TryAsync(OpenPage tab, string attack, Uri address) => tab.Page.EvaluateAsync<string>(
        """
        async ([attack, address, body]) => {
            const ended = new AbortController();
            setTimeout(() => ended.abort(), 120000);
            try {
                if (attack === 'socket') {
                    return await new Promise(done => {
                        const socket = new WebSocket(address);
                        socket.onopen = () => done('open');
                        socket.onerror = () => done('nothing');
                    });
                }
                if (attack === 'form') {
                    const frame = document.body.appendChild(Object.assign(document.createElement('iframe'), { name: 'target' }));
                    const form = document.body.appendChild(Object.assign(document.createElement('form'), { method: 'post', action: address, enctype: 'text/plain', target: 'target' }));
                    form.appendChild(Object.assign(document.createElement('input'), { name: body, value: '' }));
                    const loaded = new Promise(done => frame.onload = done);
                    form.submit();
                    await Promise.race([loaded, new Promise(done => setTimeout(done, 3000))]);
                    frame.remove();
                    form.remove();
                    return 'sent';
                }
                const answer = await fetch(address, attack === 'post'
                    ? { method: 'POST', body, headers: { 'Content-Type': 'text/plain' }, signal: ended.signal }
                    : { signal: ended.signal });
                return 'read ' + (await answer.text()).length;
            } catch (problem) {
                return problem.name === 'AbortError' ? 'hangs' : 'nothing';
            }
        }
        """,
        new object[] { attack, address.ToString(), Fault });

    private static async Task<WebApplication> StartPageAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var page = builder.Build();
        page.MapGet("/", () => Results.Content("<!doctype html><title>prizes</title><body>", "text/html"));
        await page.StartAsync(Cancellation);
        return page;
    }

    private static async Task RefusedAsync(
        HttpClient http, string what, HttpMethod method, Uri address, string? type, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, address);
        request.Content = type is null ? null : new StringContent(Fault, Encoding.UTF8, type);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancellation);
        response.StatusCode.ShouldBeOneOf(
            [HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized, HttpStatusCode.MethodNotAllowed, HttpStatusCode.NotFound], what);
        response.Content.Headers.ContentType?.MediaType.ShouldBe("application/problem+json", what);
        response.Headers.Select(header => header.Key)
            .ShouldNotContain(header => header.StartsWith("Access-Control", StringComparison.OrdinalIgnoreCase), what);
    }

    private async Task ShouldBeUnchangedAsync(HttpClient http)
    {
        // A session of the collector that is being opened is not authenticated yet.
        await fixture.System.Collector.UntilAsync("api/v1/status", status => status.GetProperty("connected").EnumerateObject()
            .All(market => market.Value.GetBoolean()));
        (await http.GetStringAsync(new Uri(fixture.System.Simulator.Address, "/api/v1/faults"), Cancellation)).ShouldBe("[]");
        // Only the collector has a session on the feed.
        (await http.GetStringAsync(new Uri(fixture.System.Simulator.Address, "/api/v1/connections"), Cancellation))
            .ShouldNotContain("\"authenticated\":false");
        (await http.GetStringAsync(new Uri(fixture.System.Functions.Address, "/api/v1/keys"), Cancellation)).ShouldNotContain("silence");
    }
}
