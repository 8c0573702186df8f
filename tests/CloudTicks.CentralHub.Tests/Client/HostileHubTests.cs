using System.Text;
using CloudTicks.CentralHub.Figures;
using CloudTicks.TestServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.CentralHub.Tests.Client;

/// <summary>Whatever the central hub responds, the service keeps its settings and continues, and applies the next valid response.</summary>
public sealed class HostileHubTests : IDisposable
{
    private const string Four = """{"operational":{"symbols":["EURUSD","XAUUSD","GBPUSD","EURAUD"]}}""";
    private const string Two = """{"operational":{"symbols":["EURUSD","AAPL"]}}""";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public static TheoryData<string> Responses =>
    [
        "failure", "refusal", "html", "no version", "no object", "no json", "cut", "nothing", "huge", "deep", "twice", "latin", "redirect",
        "not modified unasked",
        "endless header", "version of letters", "changed on the way",
    ];

    [Theory]
    [MemberData(nameof(Responses))]
    public async Task Invalid_response_changes_nothing(string kind)
    {
        var time = new TestTime();
        await using var hub = ScriptedHub.Start();
        hub.Set(1, Four);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder, time);
        await hub.RequestAsync(request => request.IsPoll, Cancellation);

        hub.Script = (request, _) => Task.FromResult(request.IsReport ? null : CreateHostileResponse(kind));
        hub.Set(2, Four);
        var requestsBefore = hub.Requests.Count;
        // When the third request arrives, the service has processed two responses.
        for (var round = 0; round < 3; round++)
        {
            hub.Set(3 + round, Four);
            await service.UntilAsync(() => hub.Requests.Skip(requestsBefore).Count(request => !request.IsReport) > round, time);
        }

        service.Symbols.Count.ShouldBe(4);
        await service.UntilAsync(() => service.State.HubProblem is not null, time);

        hub.Script = null;
        hub.Set(9, Two);
        await service.UntilAsync(() => service.Symbols.Count == 2 && service.State.HubProblem is null, time);
    }

    [Fact]
    public async Task Redirect_is_not_followed()
    {
        await using var redirectTarget = ScriptedHub.Start();
        await using var hub = ScriptedHub.Start();
        hub.Script = (_, _) => Task.FromResult<byte[]?>(
            ScriptedHub.Response($"307 Temporary Redirect\r\nLocation: {redirectTarget.Address}/api/v1/config/polygon-live-collector"));

        await using var service = await FollowingService.StartAsync(hub.Address, _folder);

        service.State.HubProblem!.ShouldContain("307");
        redirectTarget.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Hub_that_hangs_delays_the_start_by_2_s()
    {
        var time = new TestTime();
        await using var hub = ScriptedHub.Start();
        hub.Script = NeverAsync;

        var starting = FollowingService.StartAsync(hub.Address, _folder, time);
        await hub.RequestAsync(_ => true, Cancellation);
        time.Advance(TimeSpan.FromSeconds(2));

        await using var service = await starting;
        service.Symbols.Count.ShouldBe(14);
        service.State.HubProblem!.ShouldContain("did not respond within 2 s");
    }

    [Fact]
    public async Task Hub_that_hangs_times_out_after_10_s_and_is_retried()
    {
        var time = new TestTime();
        await using var hub = ScriptedHub.Start();
        hub.Set(1, Four);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder, time);
        await hub.RequestAsync(request => request.IsPoll, Cancellation);

        hub.Script = NeverAsync;
        // On a busy machine the service's thread may be late while the clock advances; then the poll times out first, after 40 s.
        await service.UntilAsync(
            () => service.State.HubProblem?.Contains("did not respond within 10 s", StringComparison.Ordinal) == true, time);
        service.Symbols.Count.ShouldBe(4);

        hub.Script = null;
        hub.Set(2, Two);
        await service.UntilAsync(() => service.State.HubProblem is null && service.Symbols.Count == 2, time);
    }

    [Fact]
    public async Task Long_outage_of_the_hub_degrades_health()
    {
        var time = new TestTime();
        FollowingService service;
        await using (var hub = ScriptedHub.Start())
        {
            hub.Set(4, Four);
            service = await FollowingService.StartAsync(hub.Address, _folder, time);
            await hub.RequestAsync(request => request.IsPoll, Cancellation);
        }

        await using (service)
        {
            await service.UntilAsync(() => service.State.HubProblem is not null);
            time.Advance(TimeSpan.FromSeconds(5));
            var health = await service.HealthAsync();

            health.Status.ShouldBe(HealthStatus.Degraded);
            health.Description!.ShouldContain("Version 4 remains in use");
            service.Symbols.Count.ShouldBe(4);
        }
    }

    [Fact]
    public async Task Hub_that_does_not_hold_polls_is_polled_once_a_second()
    {
        var time = new TestTime();
        await using var hub = ScriptedHub.Start();
        hub.Set(1, Four);
        hub.HoldsPolls = false;
        await using var service = await FollowingService.StartAsync(hub.Address, _folder, time);

        await service.UntilAsync(() => hub.Requests.Count(request => request.IsPoll) >= 4, time);

        time.GetElapsedTime(0).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Document_is_reread_every_30_s_unconditionally()
    {
        var time = new TestTime();
        await using var hub = ScriptedHub.Start();
        hub.Set(1, Four);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder, time);
        await hub.RequestAsync(request => request.IsPoll, Cancellation);
        // The central hub responds "not modified" to every conditional request.
        hub.Script = (request, _) => Task.FromResult(
            request.IsReport ? null : request.KnownTag is null ? ScriptedHub.Document(2, Two) : ScriptedHub.Response("304 Not Modified"));

        await service.UntilAsync(() => service.Symbols.Count == 2, time);

        time.GetElapsedTime(0).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public async Task Reports_with_figures_are_sent_every_five_seconds()
    {
        var time = new TestTime();
        await using var hub = ScriptedHub.Start();
        hub.Set(1, Four);
        await using var service = await FollowingService.StartAsync(
            hub.Address, _folder, time, configure: services => services.AddSingleton<IServiceFigures>(new Figures()));

        await service.UntilAsync(() => hub.Requests.Count(request => request.IsReport) >= 4, time);

        // At most two of the four reports are sent immediately: at the start, and when the document is applied. The others follow every
        // five seconds.
        time.GetElapsedTime(0).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(10));
        var report = hub.Requests.Last(request => request.IsReport);
        report.Body.ShouldContain("\"refused_ticks\":3");
        report.Body.ShouldNotContain("feed_latency_ms");
        report.Body.ShouldContain("\"state\":\"following\"");
        report.Target.ShouldBe($"/api/v1/config/polygon-live-collector/instances/{Environment.MachineName}-{Environment.ProcessId}");
    }

    public void Dispose() => _folder.Dispose();

    private static async Task<byte[]?> NeverAsync(HubRequest request, CancellationToken stop)
    {
        await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
        return null;
    }

    private static byte[] CreateHostileResponse(string kind) => kind switch
    {
        "failure" => ScriptedHub.Response("500 Internal Server Error", "oops"),
        "refusal" => ScriptedHub.Response("401 Unauthorized"),
        "html" => ScriptedHub.Response("200 OK\r\nContent-Type: text/html", "<html>Sign in</html>"),
        "no version" => ScriptedHub.Response("200 OK\r\nETag: \"2-0\"", Two),
        "version of letters" => ScriptedHub.Response("200 OK\r\nConfig-Version: two\r\nETag: \"2-0\"", Two),
        "changed on the way" => ScriptedHub.Response($"200 OK\r\nConfig-Version: 2\r\nETag: {ScriptedHub.TagOf(2, Four)}", Two),
        "no object" => ScriptedHub.Document(2, "[1,2]"),
        "no json" => ScriptedHub.Document(2, Two[..^3]),
        "cut" => ScriptedHub.Document(2, Two)[..^5],
        "nothing" => [],
        "huge" => ScriptedHub.Document(2, Two.Replace("AAPL", new string('A', 2 << 20), StringComparison.Ordinal)),
        "deep" => ScriptedHub.Document(2, $"{{\"operational\":{new string('[', 5_000)}{new string(']', 5_000)}}}"),
        "twice" => ScriptedHub.Document(2, """{"operational":{"symbols":["A"]},"operational":{"symbols":["B"]}}"""),
        "latin" => [.. Encoding.ASCII.GetBytes(
            "HTTP/1.1 200 OK\r\nConfig-Version: 2\r\nETag: \"2-0\"\r\nContent-Length: 9\r\n\r\n{\"a\":\""), 0xFF, (byte)'"', (byte)'}'],
        "redirect" => ScriptedHub.Response("302 Found\r\nLocation: http://127.0.0.1:1/"),
        "not modified unasked" => ScriptedHub.Response("100 Continue\r\n\r\nHTTP/1.1 299 Odd"),
        "endless header" => ScriptedHub.Response($"200 OK\r\nConfig-Version: 2\r\nETag: \"2-{new string('0', 100_000)}\"", Two),
        _ => throw new ArgumentOutOfRangeException(nameof(kind)),
    };

    private sealed class Figures : IServiceFigures
    {
        public IReadOnlyDictionary<string, double> Read() =>
            new Dictionary<string, double> { [ServiceFigure.RefusedTicks] = 3, [ServiceFigure.FeedLatencyMs] = double.NaN };
    }
}
