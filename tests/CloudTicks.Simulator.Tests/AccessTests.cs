using System.Net;
using System.Net.WebSockets;
using System.Text;

namespace CloudTicks.Simulator.Tests;

/// <summary>Tests who may request faults, read the counts of sent ticks, and open a session.</summary>
public class AccessTests
{
    private static readonly string[] ReadPaths =
        ["/api/v1/sent", "/api/v1/faults", "/api/v1/connections", "/api/v1/minutes?from=0&to=1", "/v3/quotes/C:EUR-USD",
            "/v1/marketstatus/now", "/health"];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("Origin", "http://evil.example")]
    [InlineData("Origin", "null")]
    [InlineData("Sec-Fetch-Site", "cross-site")]
    [InlineData("Sec-Fetch-Site", "same-site")]
    [InlineData("Host", "evil.example")]
    public async Task Page_of_another_origin_is_refused(string header, string value)
    {
        await using var simulator = await SimulatorHost.StartAsync();

        (await SendAsync(simulator, HttpMethod.Post, "/api/v1/faults", (header, value))).ShouldNotBe(HttpStatusCode.Created);
        (await SendAsync(simulator, HttpMethod.Post, "/api/v1/stop", (header, value))).ShouldNotBe(HttpStatusCode.OK);
        foreach (var path in ReadPaths)
        {
            (await SendAsync(simulator, HttpMethod.Get, path, (header, value)))
                .ShouldBeOneOf(HttpStatusCode.Forbidden, HttpStatusCode.Unauthorized);
        }

        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader(header, value);
        await Should.ThrowAsync<WebSocketException>(
            () => socket.ConnectAsync(new UriBuilder(simulator.Address) { Scheme = "ws", Path = "forex" }.Uri, Cancellation));
        (await simulator.JsonAsync("/api/v1/faults")).GetArrayLength().ShouldBe(0);
        (await simulator.JsonAsync("/api/v1/connections")).GetArrayLength().ShouldBe(0);
    }

    [Fact]
    public async Task Client_with_the_simulators_origin_opens_a_session()
    {
        // Sends the same request as the Python library websocket-client.
        await using var simulator = await SimulatorHost.StartAsync();
        using var socket = new ClientWebSocket();
        socket.Options.SetRequestHeader("Origin", simulator.Address.GetLeftPart(UriPartial.Authority));

        await socket.ConnectAsync(new UriBuilder(simulator.Address) { Scheme = "ws", Path = "forex" }.Uri, Cancellation);

        socket.State.ShouldBe(WebSocketState.Open);
    }

    [Fact]
    public async Task Control_routes_need_the_key_behind_a_proxy()
    {
        await using var simulator = await SimulatorHost.StartAsync("ApiKey=right");

        (await SendAsync(simulator, HttpMethod.Get, "/api/v1/sent", ("X-Forwarded-For", "203.0.113.7")))
            .ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(simulator, HttpMethod.Get, "/api/v1/sent", ("X-Forwarded-For", "203.0.113.7"), ("Authorization", "Bearer wrong")))
            .ShouldBe(HttpStatusCode.Unauthorized);
        (await SendAsync(simulator, HttpMethod.Get, "/api/v1/sent", ("X-Forwarded-For", "203.0.113.7"), ("Authorization", "Bearer right")))
            .ShouldBe(HttpStatusCode.OK);
        (await SendAsync(simulator, HttpMethod.Get, "/api/v1/sent")).ShouldBe(HttpStatusCode.OK);
    }

    private static async Task<HttpStatusCode> SendAsync(
        SimulatorHost simulator, HttpMethod method, string path, params (string Name, string Value)[] headers)
    {
        using var http = new HttpClient { BaseAddress = simulator.Address };
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative));
        if (method == HttpMethod.Post)
        {
            request.Content = new StringContent("""{"fault":"silence"}""", Encoding.UTF8, "text/plain");
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        using var response = await http.SendAsync(request, Cancellation);
        return response.StatusCode;
    }
}
