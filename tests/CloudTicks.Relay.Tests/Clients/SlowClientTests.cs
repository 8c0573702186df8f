using System.Diagnostics.Metrics;
using System.Text.Json;
using CloudTicks.Simulator.Tests;
using CloudTicks.Ticks;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Relay.Tests.Clients;

/// <summary>A client that does not read is disconnected; other clients are not affected.</summary>
public sealed class SlowClientTests
{
    private const int EventsPerRound = 200;

    [Fact]
    public async Task Stalled_client_is_disconnected_and_others_lose_nothing()
    {
        await using var relay = await RelayHost.StartAsync("Relay:ClientBufferBytes=1048576");
        using var disconnectCounts = new DisconnectCounts(relay.Services.GetRequiredService<IMeterFactory>());
        await using var slow = await relay.OpenAsync("stocks");
        await slow.SubscribeAsync("T.AAPL");
        await using var quick = await relay.OpenAsync("stocks");
        await quick.SubscribeAsync("T.AAPL", "T.IBM");
        await using var other = await relay.OpenAsync("stocks");
        await other.SubscribeAsync("T.*");

        // The other clients read each round before the next one is sent, so they are never behind.
        var sent = 0;
        while ((await relay.StatusAsync()).GetProperty("clients").GetArrayLength() == 3)
        {
            disconnectCounts.Dropped.ShouldBeLessThanOrEqualTo(1);
            for (var number = 0; number < EventsPerRound; number++)
                relay.Publish("AAPL", TickKind.Trade, sent++);
            foreach (var client in (FeedClient[])[quick, other])
                (await SessionTests.NumbersAsync(client, EventsPerRound)).ShouldBe(Enumerable.Range(sent - EventsPerRound, EventsPerRound));
        }

        disconnectCounts.Dropped.ShouldBe(1);
        disconnectCounts.LostEvents.ShouldBePositive();
        relay.Publish("IBM", TickKind.Trade, -1);
        (await SessionTests.NumbersAsync(quick, 1)).ShouldBe([-1]);
        (await SessionTests.NumbersAsync(other, 1)).ShouldBe([-1]);
        (await relay.UntilAsync(clients => clients.EnumerateArray().All(client => client.GetProperty("sent_events").GetInt64() > sent)))
            .GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Client_furthest_behind_is_disconnected_at_the_shared_limit()
    {
        await using var relay = await RelayHost.StartAsync("Relay:BuffersBytes=4194304");
        await using var slow = await relay.OpenAsync("stocks");
        await slow.SubscribeAsync("T.AAPL");
        await using var slower = await relay.OpenAsync("stocks");
        await slower.SubscribeAsync("T.AAPL", "T.IBM");
        await using var quick = await relay.OpenAsync("stocks");
        await quick.SubscribeAsync("T.AAPL", "T.IBM", "T.MSFT");

        // Unread bytes first fill the sockets, then the relay's buffers. The backlog grows fastest for the client that has two channels
        // and reads nothing.
        var sent = 0;
        JsonElement clients;
        do
        {
            for (var number = 0; number < 200; number++)
            {
                relay.Publish("AAPL", TickKind.Trade, sent);
                relay.Publish("IBM", TickKind.Trade, sent++);
            }

            await SessionTests.NumbersAsync(quick, 400);
            clients = (await relay.StatusAsync()).GetProperty("clients");
        }
        while (clients.GetArrayLength() == 3);

        clients.EnumerateArray().Select(client => client.GetProperty("channels").GetInt32()).ShouldBe([1, 3]);
        relay.Publish("MSFT", TickKind.Trade, -1);
        (await SessionTests.NumbersAsync(quick, 1)).ShouldBe([-1]);
    }

    /// <summary>Counts the clients that one relay disconnects, and their lost events.</summary>
    private sealed class DisconnectCounts : IDisposable
    {
        private readonly MeterListener _listener = new();
        private long _dropped;
        private long _lostEvents;

        public DisconnectCounts(IMeterFactory meters)
        {
            _listener.InstrumentPublished = (instrument, listener) =>
            {
                // Ignores other relays in this process.
                if (instrument.Meter.Scope == meters && instrument.Name.StartsWith("cloudticks.relay.dropped.", StringComparison.Ordinal))
                    listener.EnableMeasurementEvents(instrument);
            };
            _listener.SetMeasurementEventCallback<long>((instrument, more, _, _) =>
                Interlocked.Add(ref instrument.Name.EndsWith("clients", StringComparison.Ordinal) ? ref _dropped : ref _lostEvents, more));
            _listener.Start();
        }

        public long Dropped => Interlocked.Read(ref _dropped);

        public long LostEvents => Interlocked.Read(ref _lostEvents);

        public void Dispose() => _listener.Dispose();
    }
}
