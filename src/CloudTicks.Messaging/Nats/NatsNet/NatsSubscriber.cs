using CloudTicks.Messaging.Nats.NatsNet;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Receives messages. Connects in the background, and again whenever the connection is lost, for as long as it lives; what is published
/// while there is no connection is missed. Thread-safe.
/// </summary>
public sealed class NatsSubscriber : IAsyncDisposable
{
    private readonly ILogger<NatsSubscriber> _logger;
    private readonly NatsLink _link;
    private readonly Lock _gate = new();
    private readonly List<NatsSubscription> _subscriptions = [];
    private long _generation;

    /// <summary>Makes the subscriber, which starts to connect at once and does not fail when NATS is away.</summary>
    public NatsSubscriber(NatsConnectionSettings settings, MessagingMetrics metrics, TimeProvider time, ILogger<NatsSubscriber> logger)
    {
        _logger = logger;
        _link = new NatsLink(
            settings,
            () =>
            {
                if (Interlocked.Increment(ref _generation) > 1)
                    metrics.Reconnected();
                Log.Connected(logger, settings.ToString());
            },
            problem => Log.NotConnected(logger, settings.ToString(), problem));
        _link.Connection.MessageDropped += (_, args) =>
        {
            metrics.Dropped(1);
            lock (_gate)
                _subscriptions.Find(subscription => subscription.Subject == args.Subscription.Subject)?.CountDropped();
            return default;
        };
    }

    /// <summary>Whether there is a connection now.</summary>
    public bool IsConnected => _link.IsConnected;

    /// <summary>Why there is no connection, in a few words without a secret; null while there is one.</summary>
    public string? Problem => _link.Problem;

    /// <summary>Rises with every connection that was made: between two readings that differ, messages may have been missed.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>Subscribes, now or as soon as there is a connection, and again on every later one.</summary>
    /// <param name="subject">The subject, which may hold the wildcards <c>*</c> (one token) and <c>&gt;</c> (all that follow).</param>
    /// <returns>The subscription; dispose it to end it.</returns>
    /// <exception cref="ArgumentException">The subject is none.</exception>
    public NatsSubscription Subscribe(string subject, NatsMessageHandler handler)
    {
        if (!SubjectSyntax.IsPattern(subject))
            throw new ArgumentException(
                $"Not a subject: '{subject}'. Give tokens without blanks, separated by dots, '>' only as the last.", nameof(subject));
        var subscription = new NatsSubscription(subject, handler, _link.Connection, _logger);
        lock (_gate)
            _subscriptions.Add(subscription);
        return subscription;
    }

    /// <summary>Completes when the server knows all subscriptions made before: what is published to it from then on is received.</summary>
    /// <returns>A task that waits for as long as there is no connection.</returns>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        await _link.WaitUntilConnectedAsync(cancellationToken);
        await _link.Connection.PingAsync(cancellationToken);
    }

    /// <summary>Ends all subscriptions and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        NatsSubscription[] subscriptions;
        lock (_gate)
            subscriptions = [.. _subscriptions];
        foreach (var subscription in subscriptions)
            await subscription.DisposeAsync();
        await _link.DisposeAsync();
    }
}
