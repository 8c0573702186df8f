using System.Globalization;
using CloudTicks.Polygon.Rest;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using Microsoft.AspNetCore.Http;

namespace CloudTicks.Polygon.Tests.Rest;

public class RestRetryTests
{
    private const string Empty = """{"status":"OK"}""";

    [Theory]
    [InlineData("7")]
    [InlineData("date")]
    public async Task Get_rate_limit_waits_for_retry_after_and_is_counted(string retryAfter)
    {
        var time = new TestTime();
        await using var peer = await RestPeer.StartAsync(
            (context, number) => number > 0 ? context.Response.WriteAsync(Empty) : RefuseAsync(context, time, retryAfter), time);
        var reading = ReadHistory.AllAsync(peer.Client, Market.Stock, TickKind.Trade, "ABC");

        await peer.Log.LineAsync("Retrying in 7.0 s");
        await time.UntilTimerAsync(TimeSpan.FromSeconds(7), TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(6.9));
        peer.Requests.Count.ShouldBe(1);
        time.Advance(TimeSpan.FromSeconds(0.2));

        (await reading).Pages.ShouldBe(1);
        peer.Requests.Count.ShouldBe(2);
        peer.CounterValue("cloudticks.polygon.rest.rate_limit_violations trades").ShouldBe(1);
        peer.CounterValue("cloudticks.polygon.rest.requests trades rate_limited").ShouldBe(1);
        (await peer.Log.LineAsync("because of its rate limit")).ShouldContain("exceeded the maximum requests per minute");
    }

    [Fact]
    public async Task Get_rate_limit_with_long_pause_fails_immediately()
    {
        await using var peer = await RestPeer.StartAsync((context, _) => RefuseAsync(context, TimeProvider.System, "3600"));

        var refusal = await ReadHistory.ReadErrorAsync(peer.Client);
        var next = await ReadHistory.ReadErrorAsync(peer.Client);

        (refusal.Failure, refusal.RetryAfter).ShouldBe((RestFailure.RateLimited, TimeSpan.FromHours(1)));
        next.Failure.ShouldBe(RestFailure.RateLimited);
        peer.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Get_transient_failures_are_retried()
    {
        var time = new TestTime();
        await using var peer = await RestPeer.StartAsync(
            async (context, number) =>
            {
                switch (number)
                {
                    case 0:
                        context.Response.StatusCode = 503;
                        break;
                    case 1:
                        context.Abort();
                        break;
                    case 2:
                        await context.Response.WriteAsync("""{"results":[{"pri""");
                        break;
                    case 3:
                        await context.Response.WriteAsync("<html>");
                        break;
                    default:
                        await context.Response.WriteAsync(Empty);
                        break;
                }
            },
            time);
        var reading = ReadHistory.AllAsync(peer.Client, Market.Stock, TickKind.Trade, "ABC");
        await AdvanceUntilAsync(time, reading);

        (await reading).Pages.ShouldBe(1);
        // The HTTP client itself may retry a request when the server aborts a reused connection.
        peer.CounterValue("cloudticks.polygon.rest.requests trades unavailable").ShouldBeInRange(1, 2);
        peer.CounterValue("cloudticks.polygon.rest.requests trades bad_answer").ShouldBe(2);
    }

    [Fact]
    public async Task Get_from_failing_server_throws_after_seven_attempts()
    {
        var time = new TestTime();
        await using var peer = await RestPeer.StartAsync(
            (context, _) =>
            {
                context.Response.StatusCode = 500;
                return Task.CompletedTask;
            },
            time);
        var reading = ReadHistory.ReadErrorAsync(peer.Client);
        await AdvanceUntilAsync(time, reading);

        (await reading).Failure.ShouldBe(RestFailure.Unavailable);
        peer.Requests.Count.ShouldBe(7);
    }

    [Theory]
    [InlineData(401, """{"status":"ERROR","error":"Unknown API Key"}""", RestFailure.KeyRefused, "POLYGON_API_KEY")]
    [InlineData(403, """{"status":"NOT_AUTHORIZED","message":"You are not entitled to this data."}""", RestFailure.NotInPlan,
        "You are not entitled")]
    [InlineData(400, """{"status":"ERROR","error":"bad ticker"}""", RestFailure.BadRequest, "bad ticker")]
    [InlineData(404, "", RestFailure.BadRequest, "404")]
    public async Task Get_permanent_refusal_fails_immediately(int status, string body, RestFailure failure, string part)
    {
        await using var peer = await RestPeer.StartAsync((context, _) =>
        {
            context.Response.StatusCode = status;
            return context.Response.WriteAsync(body);
        });

        var refusal = await ReadHistory.ReadErrorAsync(peer.Client);

        refusal.Failure.ShouldBe(failure);
        refusal.Message.ShouldContain(part);
        peer.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Get_key_is_not_logged_or_thrown()
    {
        await using var peer = await RestPeer.StartAsync((context, number) =>
        {
            context.Response.StatusCode = number == 0 ? 429 : 403;
            context.Response.Headers.RetryAfter = "1";
            return context.Response.WriteAsync($$"""{"error":"{{context.Request.Headers.Authorization}}"}""");
        });

        var refusal = await ReadHistory.ReadErrorAsync(peer.Client);

        refusal.ToString().ShouldNotContain(RestPeer.ApiKey);
        peer.Log.Lines.ShouldNotBeEmpty();
        peer.Log.Lines.ShouldAllBe(line => !line.Contains(RestPeer.ApiKey));
    }

    [Fact]
    public async Task Get_too_long_response_is_refused()
    {
        await using var peer = await RestPeer.StartAsync(async (context, _) =>
        {
            var megabyte = new byte[1 << 20];
            megabyte.AsSpan().Fill((byte)' ');
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.Body.WriteAsync(megabyte, context.RequestAborted);
            }
        });

        (await ReadHistory.ReadErrorAsync(peer.Client)).Message.ShouldContain("67,108,864");
    }

    private static async Task AdvanceUntilAsync(TestTime time, Task until)
    {
        while (true)
        {
            var waits = time.UntilTimerAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken);
            if (await Task.WhenAny(waits, until) == until)
            {
                return;
            }

            time.Advance(TimeSpan.FromSeconds(30));
        }
    }

    private static Task RefuseAsync(HttpContext context, TimeProvider time, string retryAfter)
    {
        context.Response.StatusCode = 429;
        context.Response.Headers.RetryAfter =
            retryAfter == "date" ? time.GetUtcNow().AddSeconds(7).ToString("R", CultureInfo.InvariantCulture) : retryAfter;
        return context.Response.WriteAsync("""{"status":"ERROR","error":"You've exceeded the maximum requests per minute."}""");
    }
}
