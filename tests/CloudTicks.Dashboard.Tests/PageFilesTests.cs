using System.Net;
using CloudTicks.TestServices;

namespace CloudTicks.Dashboard.Tests;

/// <summary>The headers of every response, and the responses of the page's addresses.</summary>
public sealed class PageFilesTests(NatsFixture nats) : IClassFixture<NatsFixture>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/symbol/EURUSD")]
    [InlineData("/pipeline")]
    [InlineData("/configuration")]
    public async Task View_is_the_page_or_a_message_that_it_is_not_built(string view)
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        using var answer = await page.Http.GetAsync(view, TestContext.Current.CancellationToken);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        if (answer.StatusCode == HttpStatusCode.ServiceUnavailable)
        {
            text.ShouldContain("not built");
            return;
        }

        answer.StatusCode.ShouldBe(HttpStatusCode.OK);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        answer.Headers.CacheControl!.NoCache.ShouldBeTrue();
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/alive")]
    [InlineData("/nowhere")]
    [InlineData("/api/page/live/,")]
    public async Task Every_response_forbids_foreign_scripts_and_frames(string path)
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        using var answer = await page.Http.GetAsync(path, TestContext.Current.CancellationToken);
        var policy = answer.Headers.GetValues("Content-Security-Policy").ShouldHaveSingleItem();
        policy.ShouldContain("default-src 'self'");
        policy.ShouldContain("frame-ancestors 'none'");
        policy.ShouldNotContain("unsafe");
        answer.Headers.GetValues("X-Content-Type-Options").ShouldBe(["nosniff"]);
        answer.Headers.GetValues("Referrer-Policy").ShouldBe(["no-referrer"]);
        answer.Headers.Contains("Server").ShouldBeFalse();
    }

    [Fact]
    public async Task Unknown_address_returns_a_JSON_problem()
    {
        await using var page = await RunningDashboard.StartAsync(nats.Url);
        using var answer = await page.Http.GetAsync("/api/v1/nowhere", TestContext.Current.CancellationToken);
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
    }
}
