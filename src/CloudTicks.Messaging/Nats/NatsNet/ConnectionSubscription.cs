using System.Buffers;
using System.Text;
using System.Threading.Channels;
using NATS.Client.Core;

namespace CloudTicks.Messaging.Nats.NatsNet;

/// <summary>
/// A subscription with its own queue, because the queue of NATS.Net has no byte limit and reports dropped messages by subject. The client
/// resubscribes after each reconnect while this object is referenced.
/// </summary>
internal sealed class ConnectionSubscription : NatsSubBase, IDisposable
{
    private readonly Channel<Message> _queue = Channel.CreateUnbounded<Message>(new() { SingleReader = true, SingleWriter = true });
    private readonly NatsConnection _client;
    private readonly NatsConnectionSettings _settings;
    private readonly TimeProvider _time;
    private readonly NatsMessageHandler _deliver;
    private readonly Action _onReceived;
    private long _pendingMessages;
    private long _pendingBytes;
    private long _dropped;
    private long _drainsUntil = long.MaxValue;
    private Task _ending = Task.CompletedTask;

    /// <param name="onReceived">Called for each received message, on the client's reading thread.</param>
    public ConnectionSubscription(
        NatsConnection client, string subject, NatsConnectionSettings settings, TimeProvider time, NatsMessageHandler deliver,
        Action onReceived)
        : base(client, client.SubscriptionManager, subject, queueGroup: null, opts: null)
    {
        (_client, _settings, _time, _deliver, _onReceived) = (client, settings, time, deliver, onReceived);
        Completion = Task.Run(DeliverAsync);
    }

    /// <summary>Completes when the handler has returned from the last message.</summary>
    public Task Completion { get; }

    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Registers with the client, which subscribes now or with its next connection.</summary>
    public ValueTask SubscribeAsync() => _client.AddSubAsync(this);

    /// <summary>
    /// Ends the subscription in the background when the messages that have arrived are handled. Returns false without a connection.
    /// </summary>
    public bool Drain(TimeSpan timeout)
    {
        Volatile.Write(ref _drainsUntil, _time.GetTimestamp() + (long)(timeout.TotalSeconds * _time.TimestampFrequency));
        if (_client.ConnectionState != NatsConnectionState.Open)
            return false;
        _ending = DrainAsync().AsTask();
        return true;
    }

    /// <summary>Ends the subscription; <see cref="Completion"/> follows when the handler has processed the messages that have
    /// arrived.</summary>
    public void Dispose() => _ending = Task.WhenAll(_ending, DisposeAsync().AsTask());

    protected override ValueTask ReceiveInternalAsync(
        string subject, string? replyTo, ReadOnlySequence<byte>? headersBuffer, ReadOnlySequence<byte> payloadBuffer)
    {
        _onReceived();
        var length = (int)payloadBuffer.Length;
        if (Volatile.Read(ref _pendingMessages) >= _settings.MaxPendingMessages
            || Volatile.Read(ref _pendingBytes) + length > _settings.MaxPendingBytes)
        {
            Interlocked.Increment(ref _dropped);
            return default;
        }

        var buffer = ArrayPool<byte>.Shared.Rent(length);
        payloadBuffer.CopyTo(buffer);
        Interlocked.Increment(ref _pendingMessages);
        Interlocked.Add(ref _pendingBytes, length);
        if (!_queue.Writer.TryWrite(new Message(subject, buffer, length)))
            ArrayPool<byte>.Shared.Return(buffer);
        return default;
    }

    protected override void TryComplete() => _queue.Writer.TryComplete();

    private async Task DeliverAsync()
    {
        await foreach (var message in _queue.Reader.ReadAllAsync())
        {
            if (Volatile.Read(ref _drainsUntil) is var until && (until == long.MaxValue || _time.GetTimestamp() < until))
                Deliver(message);
            Interlocked.Decrement(ref _pendingMessages);
            Interlocked.Add(ref _pendingBytes, -message.Length);
            ArrayPool<byte>.Shared.Return(message.Payload);
        }
    }

    private void Deliver(Message message)
    {
        Span<byte> subject = stackalloc byte[Encoding.UTF8.GetByteCount(message.Subject)];
        Encoding.UTF8.GetBytes(message.Subject, subject);
        _deliver(subject, message.Payload.AsSpan(0, message.Length));
    }

    private readonly record struct Message(string Subject, byte[] Payload, int Length);
}
