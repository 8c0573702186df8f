using CloudTicks.Messaging;
using CloudTicks.Messaging.Nats;
using Microsoft.Extensions.Logging;

namespace CloudTicks.CentralHub.Client;

/// <summary>
/// Listens on NATS for announcements of changes. An announcement only triggers a request to the hub; its content is not trusted.
/// </summary>
internal sealed class HubAnnouncements : IAsyncDisposable
{
    /// <summary>The maximum number of queued announcements. One is enough to trigger a request, so few need to be queued.</summary>
    private const int MaxPending = 64;

    private readonly NatsSubscriber? _subscriber;

    /// <summary>Starts listening. Does not fail when NATS or its library is unavailable.</summary>
    public HubAnnouncements(
        string connectionString, string service, Action announce, CentralHubMetrics metrics, MessagingMetrics messaging, TimeProvider time,
        ILoggerFactory loggers)
    {
        var settings = NatsConnectionSettings.Parse(connectionString) with
        {
            ClientName = $"cloudticks-config-{service}",
            MaxPendingMessages = MaxPending,
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

    /// <summary>Completes when the server has confirmed the subscription; immediately if the NATS library is missing.</summary>
    public Task ReadyAsync(CancellationToken cancellationToken) => _subscriber?.ReadyAsync(cancellationToken) ?? Task.CompletedTask;

    public ValueTask DisposeAsync() => _subscriber?.DisposeAsync() ?? ValueTask.CompletedTask;
}
