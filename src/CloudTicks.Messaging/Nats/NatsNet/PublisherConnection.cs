using System.Buffers;
using NATS.Client.Core;

namespace CloudTicks.Messaging.Nats.NatsNet;

/// <summary>
/// One connection that is never renewed, so that a confirmation covers only messages published on this connection. If NATS.Net
/// renewed it, buffered pings would be sent on the new connection, and their responses would confirm messages lost with the old one.
/// </summary>
internal sealed class PublisherConnection : IDisposable
{
    private const int MaxQuietIntervals = 2;
    private const int MaxBusyIntervals = 10;

    private static readonly TimeSpan FlushTimeout = TimeSpan.FromSeconds(0.5);

    private readonly NatsConnectionSettings _settings;
    private readonly PublishCounts _counts;
    private readonly TimeProvider _time;
    private readonly Action _onEnded;
    private readonly Client _client;
    private readonly SubjectNames _subjects = new();
    private readonly SharedMarker _confirmations;
    private readonly CancellationTokenSource _ended = new();
    private MessagesNotConfirmedException? _failure;
    private Task _ping = Task.CompletedTask;
    private long _pingedAt;
    private long _quietSince;
    private long _publishedBefore;
    private int _socketCount;

    private PublisherConnection(long generation, NatsConnectionSettings settings, MessagingMetrics metrics, TimeProvider time, Action ended)
    {
        Generation = generation;
        (_settings, _counts, _time, _onEnded) = (settings, new PublishCounts(metrics), time, ended);
        _confirmations = new SharedMarker(waiter => _ = PingAsync(waiter), () => Failure);
        _client = new Client(settings, problem => End(problem));
        _client.Connection.OnSocketAvailableAsync = socket => Interlocked.Increment(ref _socketCount) == 1
            ? ValueTask.FromResult(socket)
            : ValueTask.FromException<INatsSocketConnection>(new OperationCanceledException("A publisher's connection is not renewed."));
        _client.Connection.ConnectionDisconnected += (_, _) =>
        {
            End(_client.Log.Problem ?? "the server or the network closed it");
            return default;
        };
    }

    public long Generation { get; }

    /// <summary>The error that ended the connection; null while it is open.</summary>
    public MessagingException? Failure => Volatile.Read(ref _failure);

    public string Server => _client.Server;

    /// <summary>The reason why the connection ended, in a few words; empty while it is open.</summary>
    public string Problem { get; private set; } = "";

    /// <param name="ended">Called once, from any thread, when the connection has ended; must not block.</param>
    /// <exception cref="NatsClientException">No server could be reached, or one refused.</exception>
    public static PublisherConnection Connect(
        long generation, NatsConnectionSettings settings, MessagingMetrics metrics, TimeProvider time, Action ended)
    {
        var connection = new PublisherConnection(generation, settings, metrics, time, ended);
        try
        {
            connection._client.Open();
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public ValueTask PublishAsync(ReadOnlySpan<byte> subject, ReadOnlySpan<byte> payload)
    {
        if (Failure is { } failure)
            throw new MessagingException(failure.Message, failure);
        var name = _subjects.Get(subject);
        var buffer = ArrayPool<byte>.Shared.Rent(payload.Length);
        payload.CopyTo(buffer);
        ValueTask publishing;
        try
        {
            publishing = _client.Connection.PublishAsync(
                name, new ReadOnlyMemory<byte>(buffer, 0, payload.Length), serializer: NatsRawSerializer<ReadOnlyMemory<byte>>.Default);
        }
        catch (Exception exception)
        {
            // PublishAsync may throw before it returns a task.
            ArrayPool<byte>.Shared.Return(buffer);
            throw Refuse(exception, payload.Length);
        }

        if (!publishing.IsCompletedSuccessfully)
            return AwaitAsync(publishing.AsTask(), buffer, payload.Length);
        _counts.Add(1);
        ArrayPool<byte>.Shared.Return(buffer);
        return ValueTask.CompletedTask;
    }

    public async ValueTask PublishAsync(MessageBatch messages)
    {
        for (var index = 0; index < messages.Count; index++)
            await PublishAsync(messages.Subject(index), messages.Payload(index));
    }

    /// <summary>Completes when the server has everything published before.</summary>
    public Task ConfirmAsync() => _confirmations.WaitAsync();

    /// <summary>
    /// Sends a ping, and ends the connection when no response arrives for two intervals. While messages are being sent, the response is
    /// queued after them, so the limit is ten intervals: network buffers accept messages even for a dead peer.
    /// </summary>
    public void CheckAlive()
    {
        var (now, published) = (_time.GetTimestamp(), _counts.Published);
        if (_ping.IsCompleted)
        {
            _pingedAt = _quietSince = now;
            _ping = PingAsync(null);
        }
        else if (published != _publishedBefore && _time.GetElapsedTime(_pingedAt, now) < MaxBusyIntervals * _settings.PingInterval)
        {
            _quietSince = now;
        }
        else if (_time.GetElapsedTime(_quietSince, now) >= MaxQuietIntervals * _settings.PingInterval)
        {
            End($"the server has not answered for {_time.GetElapsedTime(_pingedAt, now).TotalSeconds:0.#} s");
        }

        _publishedBefore = published;
    }

    /// <summary>Closes the connection after a flush of up to half a second.</summary>
    public void Dispose()
    {
        if (Failure is null && _client.IsOpen)
            PingAsync(null).Wait(FlushTimeout);
        End("it was closed");
        _client.Dispose();
        _counts.Close();
    }

    private async ValueTask AwaitAsync(Task publishing, byte[] buffer, int length)
    {
        try
        {
            await publishing.WaitAsync(_ended.Token);
            _counts.Add(1);
        }
        catch (Exception exception)
        {
            throw Refuse(exception, length);
        }
        finally
        {
            // While the publish is still running, it may read the buffer, so the buffer is not returned to the pool.
            if (publishing.IsCompleted)
                ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Pings after the published messages: the response proves that the server has them. Does not throw.</summary>
    private async Task PingAsync(TaskCompletionSource? waiter)
    {
        _counts.Report();
        var messages = _counts.Published;
        try
        {
            await _client.Connection.PingAsync(_ended.Token);
            // An error that the server sent before its response may be about one of the messages.
            if (Failure is { } failure)
                throw failure;
            _counts.Confirm(messages);
            waiter?.TrySetResult();
            if (waiter is not null)
                _confirmations.OnReturned();
        }
        catch (Exception exception)
        {
            // A server that dies cancels the ping, and a disposed client throws ObjectDisposedException: neither is a NatsException.
            var failure = End(exception is NatsException ? ClientLog.Describe(exception) : "the server or the network closed it");
            waiter?.TrySetException(failure);
        }
    }

    private MessagingException Refuse(Exception exception, int length) => exception switch
    {
        NatsPayloadTooLargeException => new MessagingException(
            $"NATS at {_settings} accepts no message of {length} bytes: send less, or raise max_payload in the server's configuration.",
            exception),
        _ => End(ClientLog.Describe(exception)),
    };

    private MessagesNotConfirmedException End(string reason)
    {
        var failure = new MessagesNotConfirmedException(
            $"Connection {Generation} to NATS at {_settings} was lost: {reason}. Publish its unconfirmed messages again.");
        if (Interlocked.CompareExchange(ref _failure, failure, null) is { } before)
            return before;
        Problem = reason;
        _ = _ended.CancelAsync(); // async, because this thread may be the client's reading or event thread
        _confirmations.Fail(failure);
        _onEnded();
        return failure;
    }
}
