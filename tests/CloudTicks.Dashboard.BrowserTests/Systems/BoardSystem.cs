using CloudTicks.Collection.Tests.Replicas;
using CloudTicks.Dashboard.Tests;
using CloudTicks.LocalServices.Nats;
using CloudTicks.TestServices;

namespace CloudTicks.Dashboard.BrowserTests.Systems;

/// <summary>The dashboard as a process with NATS, but without other services: the test publishes the ticks itself.</summary>
internal sealed class BoardSystem : IAsyncDisposable
{
    private BoardSystem(NatsCluster nats, ServiceProcess dashboard) =>
        (Nats, Dashboard, Sender) = (nats, dashboard, new TickSender(nats.Servers[0].Url));

    public NatsCluster Nats { get; }

    public ServiceProcess Dashboard { get; }

    public TickSender Sender { get; }

    private static long Now => TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();

    public static async Task<BoardSystem> StartAsync()
    {
        var nats = await NatsFixture.StartClusterAsync(1, TestContext.Current.CancellationToken);
        var dashboard = await ServiceProcess.StartAsync(
            "DashboardProgram", ("ConnectionStrings__nats", nats.Servers[0].Url), ("Dashboard__Functions", "http://127.0.0.1:9"),
            ("Dashboard__Collectors__0", "http://127.0.0.1:9"), ("Dashboard__EventHubHealth", ""));
        await UntilSubscribedAsync(dashboard);
        return new BoardSystem(nats, dashboard);
    }

    /// <summary>Waits until the dashboard has subscribed, because earlier ticks would be lost.</summary>
    public static async Task UntilSubscribedAsync(ServiceProcess dashboard)
    {
        using var poll = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (!(await dashboard.HealthAsync()).Text.StartsWith("Healthy", StringComparison.Ordinal))
        {
            await poll.WaitForNextTickAsync(TestContext.Current.CancellationToken);
        }
    }

    /// <summary>Sends one quote, with the present time unless a time is given.</summary>
    public Task QuoteAsync(string symbol, decimal bid, decimal ask, long? atMs = null) =>
        Sender.SendAsync(symbol, TickSender.Quote(symbol, atMs ?? Now, bid, ask));

    /// <summary>Sends one trade.</summary>
    public Task TradeAsync(string symbol, decimal price) => Sender.SendAsync(symbol, TickSender.Trade(symbol, Now, price));

    /// <summary>Sends one trade for each of many shares, named A0000, A0001 and so on.</summary>
    public Task TradeSharesAsync(int count) =>
        Sender.SendAsync(Enumerable.Range(0, count)
            .Select(number => ($"A{number:0000}", TickSender.Trade($"A{number:0000}", Now, 100 + (number / 100m)))));

    public async ValueTask DisposeAsync()
    {
        await Sender.DisposeAsync();
        await Dashboard.DisposeAsync();
        await Nats.DisposeAsync();
    }
}
