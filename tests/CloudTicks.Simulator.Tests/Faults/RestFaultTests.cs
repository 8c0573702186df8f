using System.Net;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Tests.Faults;

public sealed class RestFaultTests
{
    [Fact]
    public async Task Page_links_to_itself()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await using var client = await (await simulator.ConnectAsync("stocks")).AuthenticateAsync();
        await client.SubscribeAsync("T.IBM");
        await client.ReadTicksAsync(Market.Stock, 100);
        await simulator.RequestFaultAsync("""{"fault":"rest-loop","path":"/v3/trades","symbols":["IBM"],"times":3}""");

        var first = (await simulator.JsonAsync("/v3/trades/IBM?order=asc&limit=5&apiKey=any")).GetProperty("next_url").GetString()!;
        var second = (await simulator.JsonAsync(first)).GetProperty("next_url").GetString()!;

        new Uri(first).PathAndQuery.ShouldBe("/v3/trades/IBM?order=asc&limit=5");
        second.ShouldBe(first);
        (await simulator.JsonAsync(second)).GetProperty("next_url").GetString().ShouldBe(first);
        (await simulator.JsonAsync(first)).GetProperty("next_url").GetString()!.ShouldContain("cursor=");
    }

    [Theory]
    [InlineData("""{"fault":"rest-status","times":1}""", HttpStatusCode.TooManyRequests, null, "maximum requests per minute")]
    [InlineData("""{"fault":"rest-status","retry_after":7,"body":"empty","times":1}""", HttpStatusCode.TooManyRequests, 7, null)]
    [InlineData("""{"fault":"rest-status","status":503,"times":1,"path":"/v1"}""", HttpStatusCode.ServiceUnavailable, null, "ERROR")]
    public async Task Request_gets_an_error_response(string fault, HttpStatusCode status, int? retryAfter, string? text)
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync(fault);

        using var response = await simulator.GetAsync("/v1/marketstatus/now");

        response.StatusCode.ShouldBe(status);
        response.Headers.RetryAfter?.Delta.ShouldBe(TimeSpan.FromSeconds(retryAfter!.Value));
        (response.Headers.RetryAfter is null).ShouldBe(retryAfter is null);
        var body = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (text is null)
            body.ShouldBeEmpty();
        else
            body.ShouldContain(text);
        (await simulator.GetAsync("/v1/marketstatus/now")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Error_of_one_symbol_and_path_does_not_affect_others()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync("""{"fault":"rest-status","status":500,"path":"/v3/quotes","symbols":["C:EUR-USD"]}""");

        (await simulator.GetAsync("/v3/quotes/C:EUR-USD")).StatusCode.ShouldBe(HttpStatusCode.InternalServerError);
        (await simulator.GetAsync("/v3/quotes/C:USD-JPY")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await simulator.GetAsync("/v3/reference/options/contracts?underlying_ticker=SPY")).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task Response_is_delayed()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync("""{"fault":"rest-slow","delay":"01:00:00","path":"/v3/trades"}""");
        await simulator.RequestFaultAsync("""{"fault":"rest-slow","delay":0.05,"path":"/v3/quotes"}""");
        using var client = new HttpClient { BaseAddress = simulator.Address };

        var late = client.GetAsync(new Uri("/v3/trades/IBM", UriKind.Relative), TestContext.Current.CancellationToken);
        (await simulator.GetAsync("/v3/quotes/IBM")).StatusCode.ShouldBe(HttpStatusCode.OK);

        late.IsCompleted.ShouldBeFalse();
        client.CancelPendingRequests();
        await Should.ThrowAsync<OperationCanceledException>(late);
    }

    [Fact]
    public async Task Market_is_reported_as_closed()
    {
        await using var simulator = await SimulatorHost.StartAsync();
        await simulator.RequestFaultAsync("""{"fault":"market-status","market":"forex"}""");
        await simulator.RequestFaultAsync("""{"fault":"market-status","market":"stocks","status":"extended-hours"}""");

        var now = await simulator.JsonAsync("/v1/marketstatus/now");

        now.GetProperty("currencies").GetProperty("fx").GetString().ShouldBe("closed");
        now.GetProperty("currencies").GetProperty("crypto").GetString().ShouldBe("open");
        now.GetProperty("market").GetString().ShouldBe("extended-hours");
        now.GetProperty("afterHours").GetBoolean().ShouldBeTrue();
    }
}
