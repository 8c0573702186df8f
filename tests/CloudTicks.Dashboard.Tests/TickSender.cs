using System.Globalization;
using System.Text;
using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using CloudTicks.Ticks;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Dashboard.Tests;

/// <summary>Publishes ticks on NATS as the functions do.</summary>
internal sealed class TickSender : IAsyncDisposable
{
    private readonly ServiceProvider _services;
    private readonly NatsPublisher _publisher;

    public TickSender(string nats)
    {
        _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton<MessagingMetrics>().AddSingleton(TimeProvider.System)
            .AddSingleton(NatsConnectionSettings.Parse(nats)).AddSingleton<NatsPublisher>().BuildServiceProvider();
        _publisher = _services.GetRequiredService<NatsPublisher>();
    }

    public static string Quote(string symbol, long timestampMs, decimal bid, decimal ask) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"symbol\":\"{symbol}\",\"timestamp_ms\":{timestampMs},\"bid\":{bid},\"ask\":{ask},"
            + $"\"received_ms\":{timestampMs + 2},\"id\":\"ecb517cd545c9d81\"}}");

    public static string Trade(string symbol, long timestampMs, decimal price) => string.Create(
        CultureInfo.InvariantCulture,
        $"{{\"symbol\":\"{symbol}\",\"timestamp_ms\":{timestampMs},\"price\":{price},\"size\":1,"
            + $"\"received_ms\":{timestampMs + 2},\"id\":\"ecb517cd545c9d81\"}}");

    public Task SendAsync(string symbol, params string[] payloads) => SendAsync(payloads.Select(payload => (symbol, payload)));

    public async Task SendAsync(IEnumerable<(string Symbol, string Payload)> ticks)
    {
        await _publisher.WaitUntilConnectedAsync(TestContext.Current.CancellationToken);
        var generation = _publisher.Generation;
        foreach (var (symbol, payload) in ticks)
        {
            await _publisher.PublishAsync(Encoding.UTF8.GetBytes(TickSubject.Of(symbol)), Encoding.UTF8.GetBytes(payload));
        }

        await _publisher.ConfirmAsync(generation, TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync() => await _services.DisposeAsync();
}
