using CloudTicks.Polygon.Feeds;
using CloudTicks.Polygon.Tests.Sessions;
using CloudTicks.TestServices;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Collection.Tests.Running;

[Collection(Hub.Name)]
public class CollectionRunTests(EventHubFixture fixture)
{
    [Fact]
    public async Task Failed_session_ends_run_after_received_ticks_are_stored()
    {
        const int ticks = 100;
        var now = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var received = new TaskCompletionSource();
        await using var feed = await ScriptedFeed.StartAsync(async peer =>
        {
            await peer.AcceptLoginAsync();
            var isEuro = peer.Received[^1].Parameters.Contains("EUR", StringComparison.Ordinal);
            var closed = peer.UntilClosedAsync();
            if (isEuro)
            {
                for (var number = 1; number <= ticks; number++)
                {
                    await peer.SendAsync($$"""[{"ev":"C","p":"EUR/USD","x":48,"b":{{number}},"a":999,"t":{{now}}}]""");
                }
            }
            else
            {
                await received.Task;
                await peer.SendAsync(FeedPeer.Status("max_connections", "Maximum number of websocket connections exceeded."));
            }

            await closed;
        });
        // The batch is far from full and not due for a minute, so only the drain sends it.
        await using var running = await RunningCollector.StartAsync(
            feed.Address, fixture.BootstrapServers, services => services.AddSingleton<ILearntLimits, FailingLimits>(),
            ("Collector:Symbols", "EURUSD,XAUUSD"), ("Collector:BatchInterval", "00:01:00"), ("Polygon:MaxConnections", "2"),
            ("Polygon:SymbolsPerConnection", "1"));
        await running.UntilAsync(status => status.Received >= ticks);
        received.SetResult();

        var failure = await Should.ThrowAsync<InvalidOperationException>(running.Collector.ExecuteTask!);

        failure.Message.ShouldBe(FailingLimits.Problem);
        var status = running.Collector.GetStatus();
        StoredTicks(status).ShouldBeGreaterThanOrEqualTo(status.Received);
        // A status counts a spooled tick twice if the tick is acknowledged while the status is read.
        await running.UntilAsync(status => StoredTicks(status) == status.Received);
    }

    private static long StoredTicks(CollectorStatus status) =>
        status.Archived + status.Spool.ShouldNotBeNull().SpooledTicks - status.Spool.DrainedTicks;

    /// <summary>Throws when a limit is stored after the server ended a session because of too many connections.</summary>
    private sealed class FailingLimits : ILearntLimits
    {
        public const string Problem = "The limit cannot be stored.";

        public LearntLimit? Read(Market market) => null;

        public void Write(Market market, LearntLimit? limit) => throw new InvalidOperationException(Problem);
    }
}
