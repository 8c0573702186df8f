using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

/// <summary>Listens on NATS for changes. An announcement only makes the client ask the hub at once; its content is not trusted.</summary>
internal sealed class HubAnnouncements : IAsyncDisposable
{
    /// <summary>An announcement says nothing that the next one does not say.</summary>
    private const int MostPending = 64;

    private readonly NatsSubscriber? _subscriber;

    /// <summary>Begins to listen; that NATS, or its library, is away is no failure.</summary>
    public HubAnnouncements(
        string connectionString, string service, Action announce, CentralHubMetrics metrics, MessagingMetrics messaging, TimeProvider time,
        ILoggerFactory loggers)
    {
        var settings = NatsConnectionSettings.Parse(connectionString) with
        {
            ClientName = $"cloudticks-config-{service}",
            MaxPendingMessages = MostPending,
        };
        try
        {
            _subscriber = new NatsSubscriber(settings, messaging, time, loggers.CreateLogger<NatsSubscriber>());
            _subscriber.Subscribe(Subject(service), (_, _) =>
            {
                metrics.Announced();
                announce();
            });
        }
        catch (DllNotFoundException exception)
        {
            loggers.CreateLogger<HubAnnouncements>().NoAnnouncements(exception.Message);
        }
    }

    public static string Subject(string service) => $"config.{service}";

    /// <summary>Completes when the server knows of the subscription.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _subscriber?.ReadyAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _subscriber?.DisposeAsync() ?? ValueTask.CompletedTask;
}
