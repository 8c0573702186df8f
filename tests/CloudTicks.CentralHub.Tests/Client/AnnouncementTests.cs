using System.Diagnostics.Metrics;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.TestServices;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.CentralHub.Tests.Client;

public sealed class AnnouncementTests(NatsFixture nats) : IClassFixture<NatsFixture>, IDisposable
{
    private const string OneSymbol = """{"operational":{"symbols":["EURUSD"]}}""";
    private const string TwoSymbols = """{"operational":{"symbols":["EURUSD","AAPL"]}}""";

    private readonly TemporaryFolder _folder = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Announced_change_is_read_while_the_poll_hangs()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, OneSymbol);
        hub.Script = async (request, stop) =>
        {
            if (request.IsPoll)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, stop);
            }

            return null;
        };
        await using var service = await FollowingService.StartAsync(hub.Address, _folder, nats: nats.Url);
        await hub.RequestAsync(request => request.IsPoll, Cancellation);

        hub.Set(2, TwoSymbols);
        await using var publisher = Publisher();
        await publisher.WaitUntilConnectedAsync(Cancellation);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (service.Symbols.Count != 2)
        {
            // The service may not have subscribed yet.
            await publisher.PublishAsync("config.polygon-live-collector"u8, "whatever"u8);
            await timer.WaitForNextTickAsync(Cancellation);
        }
    }

    [Fact]
    public async Task Changes_arrive_without_nats()
    {
        await using var hub = ScriptedHub.Start();
        hub.Set(1, OneSymbol);
        await using var service = await FollowingService.StartAsync(hub.Address, _folder, nats: "nats://127.0.0.1:1");

        hub.Set(2, TwoSymbols);

        await service.UntilAsync(() => service.Symbols.Count == 2);
    }

    public void Dispose() => _folder.Dispose();

    private NatsPublisher Publisher()
    {
        var metrics = new MessagingMetrics(new ServiceCollection().AddMetrics().BuildServiceProvider().GetRequiredService<IMeterFactory>());
        return new NatsPublisher(NatsConnectionSettings.Parse(nats.Url), metrics, TimeProvider.System, NullLogger<NatsPublisher>.Instance);
    }
}
