using System.Net;
using CloudTicks.TestServices;

namespace CloudTicks.Dashboard.Tests;

/// <summary>Tests the headers of every response, and what the page's URLs return.</summary>
public sealed class PageFilesTests(NatsFixture nats) : IClassFixture<NatsFixture>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/symbol/EURUSD")]
    [InlineData("/pipeline")]
    [InlineData("/configuration")]
    public async Task View_serves_the_page_or_reports_that_it_is_not_built(string view)
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        using var response = await page.Http.GetAsync(view, TestContext.Current.CancellationToken);
        var text = await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (response.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            text.ShouldContain("not built");
            return;
        }

        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        response.Headers.CacheControl!.NoCache.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/alive")]
    [InlineData("/nowhere")]
    [InlineData("/api/page/live/,")]
    public async Task Every_response_forbids_foreign_scripts_and_frames(string path)
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        using var response = await page.Http.GetAsync(path, TestContext.Current.CancellationToken);
        var policy = response.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        response.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        response.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        response.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Unknown_address_returns_a_JSON_problem()
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        using var response = await page.Http.GetAsync("/api/v1/nowhere", TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        response.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }
}
