using System.Net;
using System.Text;
using CloudTicks.Collection.Tests.Replicas;
using CloudTicks.TestServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using ServiceDefaults.Clients;

namespace CloudTicks.Collection.Tests.Access;

[Collection(Hub.Name)]
public sealed class CollectorAccessTests(EventHubFixture fixture) : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Public_address_without_key_serves_health_and_alive_only()
    {
        await using var hub = await StartHubAsync();
        await using var collector = await StartAsync("http://0.0.0.0:0", ("CentralHub__Endpoint", hub.Urls.Single()));

        foreach (var (method, path) in new[] { ("GET", "api/v1/status"), ("GET", "api/v1/gaps"), ("POST", "api/v1/backfill"),
            ("GET", "api/v1/backfill/1"), ("GET", "nowhere") })
        {
            (await StatusAsync(collector, method, path)).ShouldBe(HttpStatusCode.Unauthorized, path);
            (await CheckedStatusAsync(collector, method, path, "wrong")).ShouldBe(HttpStatusCode.Unauthorized, path);
        }

        (await StatusAsync(collector, "GET", "alive")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(collector, "GET", "health")).ShouldNotBe(HttpStatusCode.Unauthorized);
        (await CheckedStatusAsync(collector, "GET", "api/v1/gaps", "reader-canary")).ShouldBe(HttpStatusCode.OK);
        (await CheckedStatusAsync(collector, "POST", "api/v1/backfill", "reader-canary")).ShouldBe(HttpStatusCode.Forbidden);
        (await CheckedStatusAsync(collector, "POST", "api/v1/backfill", "writer-canary")).ShouldBe(HttpStatusCode.BadRequest);

        await hub.StopAsync(Cancellation);
        (await StatusAsync(collector, "GET", "api/v1/gaps", (ServiceKey.Header, "reader-canary"))).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(collector, "GET", "api/v1/gaps", (ServiceKey.Header, "other"))).ShouldBe(HttpStatusCode.ServiceUnavailable);
        collector.Lines.ShouldNotContain(line => line.Contains("canary", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Loopback_needs_no_key_but_refuses_other_origins()
    {
        await using var collector = await StartAsync("http://127.0.0.1:0");

        (await StatusAsync(collector, "GET", "api/v1/status")).ShouldBe(HttpStatusCode.OK);
        (await StatusAsync(collector, "POST", "api/v1/backfill")).ShouldBe(HttpStatusCode.BadRequest);
        foreach (var header in new[] { ("Host", "evil.example"), ("Origin", "http://evil.example"), ("Sec-Fetch-Site", "cross-site"),
            ("X-Forwarded-For", "127.0.0.1") })
        {
            (await StatusAsync(collector, "GET", "api/v1/status", header)).ShouldBe(HttpStatusCode.Forbidden, header.Item1);
            (await StatusAsync(collector, "POST", "api/v1/backfill", header)).ShouldBe(HttpStatusCode.Forbidden, header.Item1);
        }
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<WebApplication> StartHubAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var hub = builder.Build();
        hub.MapGet("/api/v1/keys/self", (HttpRequest request) => request.Headers[ServiceKey.Header].ToString() switch
        {
            "reader-canary" => Results.Json(new { name = "research", role = "reader" }),
            "writer-canary" => Results.Json(new { name = "boss", role = "writer" }),
            _ => Results.Unauthorized(),
        });
        await hub.StartAsync(Cancellation);
        return hub;
    }

    private Task<ServiceProcess> StartAsync(string urls, params (string Name, string Value)[] settings) => ServiceProcess.StartOnAsync(
        "CollectorProgram",
        urls,
        [
            ("ConnectionStrings__eventhubs", fixture.BootstrapServers), ("POLYGON_API_KEY", "key"),
            ("Polygon__Endpoint", "ws://127.0.0.1:1"),
            ("Collector__FeedName", "simulated"), ("Collector__DataFolder", _folder.File("collector")), .. settings,
        ]);

    /// <summary>
    /// The status of the response to a request whose key the central hub has checked. On a busy machine a check may time out at first.
    /// </summary>
    private static async Task<HttpStatusCode> CheckedStatusAsync(ServiceProcess collector, string method, string path, string key)
    {
        HttpStatusCode status;
        do
        {
            status = await StatusAsync(collector, method, path, (ServiceKey.Header, key));
        }
        while (status == HttpStatusCode.ServiceUnavailable);

        return status;
    }

    private static async Task<HttpStatusCode> StatusAsync(
        ServiceProcess collector, string method, string path, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient { BaseAddress = collector.Address };
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(path, UriKind.Relative));
        if (method == "POST")
        {
            request.Content = new StringContent("{}", Encoding.UTF8, "application/json");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }
}
