using System.Buffers;
using CloudTicks.Messaging.Nats.NatsNet;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace CloudTicks.Messaging.Nats;

/// <summary>
/// Publishes messages and says afterwards whether the server has them. Connects in the background, and again whenever the connection
/// is lost, for as long as it lives; nothing is kept while there is no connection. Thread-safe.
/// </summary>
public sealed class NatsPublisher : IAsyncDisposable
{
    private readonly NatsConnectionSettings _settings;
    private readonly MessagingMetrics _metrics;
    private readonly TimeProvider _time;
    private readonly NatsLink _link;
    private readonly SubjectNames _subjects = new();
    private long _published;
    private long _settled;
    private int _connections;

    /// <summary>Makes the publisher, which starts to connect at once and does not fail when NATS is away.</summary>
    public NatsPublisher(NatsConnectionSettings settings, MessagingMetrics metrics, TimeProvider time, ILogger<NatsPublisher> logger)
    {
        (_settings, _metrics, _time) = (settings, metrics, time);
        _link = new NatsLink(
            settings,
            () =>
            {
                if (Interlocked.Increment(ref _connections) > 1)
                    metrics.Reconnected();
                Log.Connected(logger, settings.ToString());
            },
            problem => Log.ConnectionLost(logger, settings.ToString(), problem, settings.ToString()));
    }

    /// <summary>Whether there is a connection now.</summary>
    public bool IsConnected => _link.IsConnected;

    /// <summary>Why there is no connection, in a few words without a secret; null while there is one.</summary>
    public string? Problem => _link.Problem;

    /// <summary>The number of the present connection, or of the last one. It rises with every new connection.</summary>
    public long Generation => _link.Generation;

    /// <summary>Hands a message to the connection; waits when the server takes bytes more slowly than they come.</summary>
    /// <param name="subject">The subject in UTF-8, 1 to 1024 bytes without blanks.</param>
    /// <param name="payload">The payload, not larger than the server's <c>max_payload</c> (1 MiB unless configured).</param>
    /// <returns>A task that is complete when there is room; the spans may be reused at once.</returns>
    /// <exception cref="MessagingException">There is no connection, it broke, or the payload is too large.</exception>
    /// <exception cref="ArgumentException">The subject is none.</exception>
    public ValueTask PublishAsync(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        if (!IsConnected)
            throw new MessagingException($"There is no connection to NATS at {_settings}: {Problem}. It is tried again until it is there.");
        var name = _subjects.Get(subject);
        var buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(buffer);
        var publishing = _link.Connection.PublishAsync(
            name, new ReadOnlyMemory<byte>(buffer, 0, payload.Length), serializer: NatsRawSerializer<ReadOnlyMemory<byte>>.Default);
        Interlocked.Increment(ref _published);
        if (!publishing.IsCompletedSuccessfully)
            return AwaitAsync(publishing, buffer);
        ArrayPool<byte>.Shared.Return(buffer);
        return ValueTask.CompletedTask;
    }

    /// <summary>Hands the messages of a batch to the connection, one after the other.</summary>
    /// <param name="messages">The batch; it must not change until the task completes.</param>
    /// <returns>A task that is complete when there was room for all of them.</returns>
    /// <exception cref="MessagingException">There is no connection, it broke, or a payload is too large.</exception>
    public async ValueTask PublishAsync(MessageBatch messages)
    {
        for (var index = 0; index < messages.Count; index++)
            await PublishAsync(messages.Subject(index), messages.Payload(index));
    }

    /// <summary>Completes when the server has every message that the caller has published since it read <see cref="Generation"/>.</summary>
    /// <param name="generation">What <see cref="Generation"/> was before the first of the messages was published.</param>
    /// <param name="cancellationToken">Ends the waiting, not the messages.</param>
    /// <returns>A task that fails when this is not known.</returns>
    /// <exception cref="MessagesNotConfirmedException">The connection of that generation is gone: publish the messages again.</exception>
    public async Task ConfirmAsync(long generation, CancellationToken cancellationToken)
    {
        var published = Volatile.Read(ref _published);
        try
        {
            if (IsConnected && _link.Generation == generation)
            {
                await _link.Connection.PingAsync(cancellationToken).AsTask()
                    .WaitAsync(3 * _settings.PingInterval, _time, cancellationToken);
                if (_link.Generation == generation)
                {
                    Settle(published, _metrics.Confirmed);
                    return;
                }
            }
        }
        catch (Exception exception) when (exception is NatsException or TimeoutException)
        {
            Settle(published, _metrics.Failed);
            throw new MessagesNotConfirmedException(NotConfirmed(generation), exception);
        }

        Settle(published, _metrics.Failed);
        throw new MessagesNotConfirmedException(NotConfirmed(generation));
    }

    /// <summary>Completes when there is a connection.</summary>
    public Task WaitUntilConnectedAsync(CancellationToken cancellationToken) => _link.WaitUntilConnectedAsync(cancellationToken);

    /// <summary>Writes what is still in the buffers and closes the connection.</summary>
    public ValueTask DisposeAsync() => _link.DisposeAsync();

    private async ValueTask AwaitAsync(ValueTask publishing, byte[] buffer)
    {
        try
        {
            await publishing;
        }
        catch (NatsException exception)
        {
            throw new MessagingException($"NATS at {_settings} did not take a message: {exception.Message}", exception);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private void Settle(long published, Action<long> count)
    {
        var settled = Interlocked.Exchange(ref _settled, published);
        if (published <= settled)
            return;
        _metrics.Published(published - settled);
        count(published - settled);
    }

    private string NotConfirmed(long generation) =>
        $"The connection {generation} to NATS at {_settings} is gone. What was published on it and not confirmed must be published again.";
}
