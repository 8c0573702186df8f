using Microsoft.Extensions.Logging;

namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Publishes messages and confirms them later. Connects and reconnects in the background until it is disposed; nothing is buffered while
/// there is no connection. Thread-safe.
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

    /// <summary>Creates the publisher, which starts to connect immediately and does not fail when NATS is unreachable.</summary>
    /// <exception cref="DllNotFoundException">libnats is not installed; the message says what to install or set.</exception>
    public NatsPublisher(NatsConnectionSettings settings, MessagingMetrics metrics, TimeProvider time, ILogger<NatsPublisher> logger)
    {
        (_settings, _metrics, _time, _logger) = (settings, metrics, time, logger);
        ClientLibrary.EnsureLoaded();
        _loop = new ConnectionLoop("NATS publisher", settings, time, logger);
        _loop.Start(ServeOneConnection);
    }

    /// <summary>Whether there is a connection.</summary>
    public bool IsConnected => Volatile.Read(ref _current) is { Failure: null };

    /// <summary>The reason why there is no connection, in a few words without a secret; null while connected.</summary>
    public string? Problem => IsConnected ? null : _loop.Problem;

    /// <summary>The number of the current or last connection; 0 before the first. Every new connection increments it.</summary>
    public long Generation => Volatile.Read(ref _generation);

    /// <summary>
    /// Sends a message over the connection. Waits while the server is slower than the caller, for up to about three times
    /// <see cref="NatsConnectionSettings.PingInterval"/>; then the connection is closed. Does not allocate with libnats.
    /// </summary>
    /// <param name="subject">The subject in UTF-8, 1 to 1024 bytes without blanks.</param>
    /// <param name="payload">The payload, at most the server's <c>max_payload</c> (1 MiB unless configured).</param>
    /// <returns>A task that completes when the bytes were copied; the caller may then reuse the spans.</returns>
    /// <exception cref="MessagingException">There is no connection, it was lost, or the payload is too large.</exception>
    /// <exception cref="ArgumentException">The subject is invalid.</exception>
    public ValueTask PublishAsync(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        var connection = Volatile.Read(ref _current) ?? throw NotConnected();
        return connection.PublishAsync(subject, payload);
    }

    /// <summary>Sends the messages of a batch over the connection in order, like the overload for one message.</summary>
    /// <param name="messages">
    /// The batch, which must not change until the task completes. After a failure, some of its messages may have been sent.
    /// </param>
    /// <returns>A task that completes when all bytes were copied.</returns>
    /// <exception cref="MessagingException">There is no connection, it was lost, or a payload is too large.</exception>
    public ValueTask PublishAsync(MessageBatch messages)
    {
        var connection = Volatile.Read(ref _current) ?? throw NotConnected();
        return connection.PublishAsync(messages);
    }

    /// <summary>
    /// Completes when the server has every message that the caller has published since it read <see cref="Generation"/>: usually within
    /// about three times <see cref="NatsConnectionSettings.PingInterval"/>. Fails when the connection is lost before that.
    /// </summary>
    /// <param name="generation">The value of <see cref="Generation"/> before the first message was published.</param>
    /// <param name="cancellationToken">Cancels the wait, not the messages.</param>
    /// <returns>A task that fails when the result is unknown.</returns>
    /// <exception cref="MessagesNotConfirmedException">The connection of that generation was lost: publish the messages again.</exception>
    public Task ConfirmAsync(long generation, CancellationToken cancellationToken)
    {
        if (Volatile.Read(ref _current) is not { } connection || connection.Generation != generation)
        {
            return Task.FromException(new MessagesNotConfirmedException(
                $"Connection {generation} to NATS at {_settings} was lost: publish its unconfirmed messages again."));
        }

        return connection.ConfirmAsync().WaitAsync(cancellationToken);
    }

    /// <summary>Completes when there is a connection.</summary>
    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken) =>
        _loop.WaitUntilConnectedAsync(() => IsConnected, cancellationToken);

    /// <summary>Flushes the buffers, for up to a second, and closes the connection.</summary>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    /// <summary>Connects and waits until the connection ends. Returns the wait before the next one.</summary>
    private TimeSpan ServeOneConnection()
    {
        PublisherConnection connection;
        try
        {
            connection = PublisherConnection.Connect(_generation + 1, _settings, _metrics, _time, _loop.Wake);
        }
        catch (NatsClientException exception)
        {
            _loop.OnNotConnected(exception.Problem);
            return _settings.DelayAfter(exception.IsRefusal);
        }

        using (connection)
        {
            if (connection.Generation > 1)
                _metrics.Reconnected();
            Log.Connected(_logger, connection.Server);
            Volatile.Write(ref _generation, connection.Generation);
            Volatile.Write(ref _current, connection);
            _loop.OnConnected();
            _loop.WaitWhileOpen(() => connection.Failure is null, connection.CheckAlive);
            if (!_loop.IsStopping)
                _loop.SetProblem(connection.Problem);
            Volatile.Write(ref _current, null);
        }

        if (!_loop.IsStopping)
        {
            _loop.OnLost(connection.Server, connection.Problem);
        }

        return TimeSpan.Zero;
    }

    private MessagingException NotConnected() =>
        new($"There is no connection to NATS at {_settings}: {_loop.Problem}. The client retries until it is connected.");
}
