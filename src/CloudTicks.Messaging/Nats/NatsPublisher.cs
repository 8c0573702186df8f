using Microsoft.Extensions.Logging;

namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Publishes messages and says afterwards whether the server has them. Connects in the background, and again whenever the connection
/// is lost, for as long as it lives; nothing is kept while there is no connection. Thread-safe.
/// </summary>
public sealed class NatsPublisher : IAsyncDisposable
{
    private readonly NatsConnectionSettings _settings;
    private readonly MessagingMetrics _metrics;
    private readonly ILogger<NatsPublisher> _logger;
    private readonly TimeProvider _time;
    private readonly ConnectionLoop _loop;
    private PublisherConnection? _current;
    private long _generation;

    /// <summary>Makes the publisher, which starts to connect at once and does not fail when NATS is away.</summary>
    /// <exception cref="DllNotFoundException">libnats is not installed; the sentence says what to install or set.</exception>
    public NatsPublisher(NatsConnectionSettings settings, MessagingMetrics metrics, TimeProvider time, ILogger<NatsPublisher> logger)
    {
        (_settings, _metrics, _time, _logger) = (settings, metrics, time, logger);
        ClientLibrary.EnsureLoaded();
        _loop = new ConnectionLoop("NATS publisher", settings, time, logger);
        _loop.Start(ServeOneConnection);
    }

    /// <summary>Whether there is a connection now.</summary>
    public bool IsConnected => Volatile.Read(ref _current) is { Failure: null };

    /// <summary>Why there is no connection, in a few words without a secret; null while there is one.</summary>
    public string? Problem => IsConnected ? null : _loop.Problem;

    /// <summary>The number of the present connection, or of the last one; 0 before the first. It rises with every new connection.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>
    /// Hands a message to the connection. Waits when the server takes bytes more slowly than they come, for up to about three times
    /// <see cref="NatsConnectionSettings.PingInterval"/>, after which the connection is given up. With libnats it does not allocate.
    /// </summary>
    /// <param name="subject">The subject in UTF-8, 1 to 1024 bytes without blanks.</param>
    /// <param name="payload">The payload, not larger than the server's <c>max_payload</c> (1 MiB unless configured).</param>
    /// <returns>A task that is complete when there was room; the bytes were copied, the spans may be reused immediately.</returns>
    /// <exception cref="MessagingException">There is no connection, it broke, or the payload is too large.</exception>
    /// <exception cref="ArgumentException">The subject is none.</exception>
    public ValueTask PublishAsync(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        var connection = Volatile.Read(ref _current) ?? throw NotConnected();
        return connection.PublishAsync(subject, payload);
    }

    /// <summary>Hands the messages of a batch to the connection, one after the other, as the other overload does with one.</summary>
    /// <param name="messages">
    /// The batch, which must not change until the task completes. When this fails, some of its messages may have been handed on.
    /// </param>
    /// <returns>A task that is complete when the bytes of all of them were copied.</returns>
    /// <exception cref="MessagingException">There is no connection, it broke, or a payload is too large.</exception>
    public ValueTask PublishAsync(MessageBatch messages)
    {
        var connection = Volatile.Read(ref _current) ?? throw NotConnected();
        return connection.PublishAsync(messages);
    }

    /// <summary>
    /// Completes when the server has every message that the caller has published since it read <see cref="Generation"/>. Ends, by the
    /// loss of the connection at the latest, within about three times <see cref="NatsConnectionSettings.PingInterval"/>.
    /// </summary>
    /// <param name="generation">What <see cref="Generation"/> was before the first of the messages was published.</param>
    /// <param name="cancellationToken">Ends the waiting, not the messages.</param>
    /// <returns>A task that fails when this is not known.</returns>
    /// <exception cref="MessagesNotConfirmedException">The connection of that generation is gone: publish the messages again.</exception>
    public Task ConfirmAsync(long generation, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _current) is not { } connection || connection.Generation != generation)
        {
            return Task.FromException(new MessagesNotConfirmedException(
                $"The connection {generation} to NATS at {_settings} is gone. What was published on it and not confirmed must be "
                    + $"published again."));
        }

        return connection.ConfirmAsync().WaitAsync(cancellationToken);
    }

    /// <summary>Completes when there is a connection.</summary>
    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken) =>
        _loop.WaitUntilConnectedAsync(() => IsConnected, cancellationToken);

    /// <summary>Writes what is still in the buffers, for up to half a second, and closes the connection.</summary>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    /// <summary>Connects and stays until the connection ends. Returns how long to wait before the next.</summary>
    private TimeSpan ServeOneConnection()
    {
        PublisherConnection connection;
        try
        {
            connection = PublisherConnection.Connect(_generation + 1, _settings, _metrics, _time, _loop.Wake);
        }
        catch (NatsClientException exception)
        {
            _loop.NotConnected(exception.Problem);
            return _settings.WaitAfter(exception.IsRefusal);
        }

        using (connection)
        {
            if (connection.Generation > 1)
                _metrics.Reconnected();
            Log.Connected(_logger, connection.Server);
            Volatile.Write(ref _generation, connection.Generation);
            Volatile.Write(ref _current, connection);
            _loop.Connected();
            _loop.Stay(() => connection.Failure is null, connection.CheckAlive);
            if (!_loop.IsStopping)
                _loop.Remember(connection.Problem);
            Volatile.Write(ref _current, null);
        }

        if (!_loop.IsStopping)
        {
            _loop.Lost(connection.Server, connection.Problem);
        }

        return TimeSpan.Zero;
    }

    private MessagingException NotConnected() =>
        new($"There is no connection to NATS at {_settings}: {_loop.Problem}. It is tried again until it is there.");
}
