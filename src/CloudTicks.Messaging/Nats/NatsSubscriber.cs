using Microsoft.Extensions.Logging;

namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Receives messages. Connects in the background, and again whenever the connection is lost, for as long as it lives; what is published
/// while there is no connection is missed. Thread-safe.
/// </summary>
public sealed class NatsSubscriber : IAsyncDisposable
{
    private readonly NatsConnectionSettings _settings;
    private readonly MessagingMetrics _metrics;
    private readonly ILogger<NatsSubscriber> _logger;
    private readonly Lock _gate = new();
    private readonly List<NatsSubscription> _subscriptions = [];
    private readonly ConnectionLoop _loop;
    private SubscriberConnection? _connection;
    private long _generation;

    /// <summary>Makes the subscriber, which starts to connect at once and does not fail when NATS is away.</summary>
    /// <exception cref="DllNotFoundException">libnats is not installed; the sentence says what to install or set.</exception>
    public NatsSubscriber(NatsConnectionSettings settings, MessagingMetrics metrics, TimeProvider time, ILogger<NatsSubscriber> logger)
    {
        (_settings, _metrics, _logger) = (settings, metrics, logger);
        ClientLibrary.EnsureLoaded();
        _loop = new ConnectionLoop("NATS subscriber", settings, time, logger);
        _loop.Start(ServeOneConnection);
    }

    /// <summary>Whether there is a connection now.</summary>
    public bool IsConnected => Volatile.Read(ref _connection) is { IsConnected: true };

    /// <summary>Why there is no connection, in a few words without a secret; null while there is one.</summary>
    public string? Problem => IsConnected ? null : _loop.Problem;

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
        var subscription = new NatsSubscription(subject, handler, _metrics, _logger, Remove);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
            if (_connection is { } connection)
                subscription.Attach(connection);
        }

        return subscription;
    }

    /// <summary>
    /// Completes when the server knows all subscriptions made before: what is published to it from then on is received. (Other servers
    /// of a cluster hear of them a moment later.)
    /// </summary>
    /// <returns>A task that waits for as long as there is no connection.</returns>
    public async Task ReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            await _loop.WaitUntilConnectedAsync(() => IsConnected, cancellationToken);
            try
            {
                if (Volatile.Read(ref _connection) is { } connection)
                {
                    await connection.EchoAsync().WaitAsync(cancellationToken);
                    return;
                }
            }
            catch (MessagingException)
            {
                // The connection went before the answer came: the next one is asked.
            }
        }
    }

    /// <summary>Ends all subscriptions after what had already arrived, and closes the connection.</summary>
    public async ValueTask DisposeAsync()
    {
        NatsSubscription[] subscriptions;
        lock (_gate)
            subscriptions = [.. _subscriptions];
        await Task.WhenAll(subscriptions.Select(subscription => subscription.DisposeAsync().AsTask()));
        await _loop.DisposeAsync();
    }

    private void Remove(NatsSubscription subscription)
    {
        lock (_gate)
            _subscriptions.Remove(subscription);
    }

    /// <summary>Connects and stays. The library reconnects by itself, and gives up when refused twice; returns the next wait.</summary>
    private TimeSpan ServeOneConnection()
    {
        using var connection = new SubscriberConnection(_settings, _loop, OnConnected);
        try
        {
            connection.Open();
        }
        catch (NatsClientException exception)
        {
            _loop.NotConnected(exception.Problem);
            return _settings.WaitAfter(exception.IsRefusal);
        }

        lock (_gate)
        {
            Volatile.Write(ref _connection, connection);
            _subscriptions.ForEach(subscription => subscription.Attach(connection));
        }

        OnConnected();
        connection.Stay(ReportDropped);
        lock (_gate)
        {
            Volatile.Write(ref _connection, null);
            _subscriptions.ForEach(subscription => subscription.Detach());
        }

        return TimeSpan.Zero;
    }

    private void OnConnected()
    {
        if (Interlocked.Increment(ref _generation) > 1)
            _metrics.Reconnected();
        Log.Connected(_logger, Volatile.Read(ref _connection)?.Server ?? _settings.ToString());
        _loop.Remember("lost");
        _loop.Connected();
    }

    private void ReportDropped()
    {
        lock (_gate)
            _subscriptions.ForEach(subscription => subscription.ReportDropped());
    }
}
