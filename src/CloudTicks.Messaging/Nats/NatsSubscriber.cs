using Microsoft.Extensions.Logging;

namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Receives messages. Connects and reconnects in the background until it is disposed; messages published while there is no connection are
/// missed. Thread-safe.
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

    /// <summary>Creates the subscriber, which starts to connect immediately and does not fail when NATS is unreachable.</summary>
    /// <exception cref="DllNotFoundException">libnats is not installed; the message says what to install or set.</exception>
    public NatsSubscriber(NatsConnectionSettings settings, MessagingMetrics metrics, TimeProvider time, ILogger<NatsSubscriber> logger)
    {
        (_settings, _metrics, _logger) = (settings, metrics, logger);
        ClientLibrary.EnsureLoaded();
        _loop = new ConnectionLoop("NATS subscriber", settings, time, logger);
        _loop.Start(ServeOneConnection);
    }

    /// <summary>Whether there is a connection.</summary>
    public bool IsConnected => Volatile.Read(ref _connection) is { IsConnected: true };

    /// <summary>The reason why there is no connection, in a few words without a secret; null while connected.</summary>
    public string? Problem => IsConnected ? null : _loop.Problem;

    /// <summary>The number of the current or last connection; 0 before the first. When it changes, messages may have been missed.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>Subscribes, now or when there is a connection, and again on every later one.</summary>
    /// <param name="subject">The subject, which may contain the wildcards <c>*</c> (one token) and <c>&gt;</c> (all further
    /// tokens).</param>
    /// <returns>The subscription; dispose of it to unsubscribe.</returns>
    /// <exception cref="ArgumentException">The subject is invalid.</exception>
    public NatsSubscription Subscribe(string subject, NatsMessageHandler handler)
    {
        if (!SubjectSyntax.IsPattern(subject))
            throw new ArgumentException(
                $"'{subject}' is not a subject: use tokens without blanks, separated by dots, and '>' only as the last.", nameof(subject));
        var subscription = new NatsSubscription(subject, _settings.DrainTime, handler, _metrics, _logger, Remove);
        lock (_gate)
        {
            _subscriptions.Add(subscription);
            if (_connection is { } connection)
                subscription.Attach(connection);
        }

        return subscription;
    }

    /// <summary>
    /// Completes when the server has all earlier subscriptions: the subscriber receives every later message. (Other servers of a cluster
    /// get the subscriptions a moment later.)
    /// </summary>
    /// <returns>A task that waits while there is no connection.</returns>
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
                // The connection was lost before the response: retry on the next connection.
            }
        }
    }

    /// <summary>Ends all subscriptions after the messages that have arrived are handled, and closes the connection.</summary>
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

    /// <summary>Connects, and waits until the library gives up reconnecting. Returns the wait before the next connection.</summary>
    private TimeSpan ServeOneConnection()
    {
        using var connection = new SubscriberConnection(_settings, _loop, OnReconnected);
        try
        {
            connection.Open();
        }
        catch (NatsClientException exception)
        {
            _loop.OnNotConnected(exception.Problem);
            return _settings.DelayAfter(exception.IsRefusal);
        }

        lock (_gate)
        {
            // Set the connection last, because that makes IsConnected true: the subscriptions and Generation must be up to date by then.
            _subscriptions.ForEach(subscription => subscription.Attach(connection));
            CountConnection();
            Volatile.Write(ref _connection, connection);
        }

        Report(connection.Server);
        connection.WaitWhileOpen(ReportDropped);
        lock (_gate)
        {
            Volatile.Write(ref _connection, null);
            _subscriptions.ForEach(subscription => subscription.Detach());
        }

        return TimeSpan.Zero;
    }

    private void OnReconnected()
    {
        CountConnection();
        Report(Volatile.Read(ref _connection)?.Server ?? _settings.ToString());
    }

    private void CountConnection()
    {
        if (Interlocked.Increment(ref _generation) > 1)
            _metrics.Reconnected();
    }

    /// <summary>Logs the connection, and lets the callers that wait for it continue.</summary>
    private void Report(string server)
    {
        Log.Connected(_logger, server);
        _loop.SetProblem("lost");
        _loop.OnConnected();
    }

    private void ReportDropped()
    {
        lock (_gate)
            _subscriptions.ForEach(subscription => subscription.ReportDropped());
    }
}
