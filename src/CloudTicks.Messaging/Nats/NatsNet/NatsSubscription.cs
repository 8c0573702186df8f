using System.Text;
using Microsoft.Extensions.Logging;
using NATS.Client.Core;

namespace CloudTicks.Messaging.Nats;

/// <summary>One subscription, kept over lost connections until it is disposed.</summary>
public sealed class NatsSubscription : IAsyncDisposable
{
    private readonly NatsMessageHandler _handler;
    private readonly ILogger _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _reading;
    private long _received;
    private long _failures;
    private long _dropped;

    internal NatsSubscription(string subject, NatsMessageHandler handler, NatsConnection connection, ILogger logger)
    {
        Subject = subject;
        (_handler, _logger) = (handler, logger);
        _reading = ReadAsync(connection);
    }

    /// <summary>The subject, which may hold the wildcards <c>*</c> and <c>&gt;</c>.</summary>
    public string Subject { get; }

    /// <summary>How many messages the handler took.</summary>
    public long Received => Volatile.Read(ref _received);

    /// <summary>How many messages the handler failed on; they are skipped.</summary>
    public long HandlerFailures => Volatile.Read(ref _failures);

    /// <summary>Messages dropped here because <see cref="NatsConnectionSettings.MaxPendingMessages"/> were waiting.</summary>
    public long Dropped => Volatile.Read(ref _dropped);

    /// <summary>Ends the subscription.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _reading;
        _stopping.Dispose();
    }

    internal void CountDropped() => Interlocked.Increment(ref _dropped);

    private async Task ReadAsync(NatsConnection connection)
    {
        try
        {
            await foreach (var message in connection.SubscribeAsync<NatsMemoryOwner<byte>>(Subject, cancellationToken: _stopping.Token))
            {
                using var payload = message.Data;
                Deliver(message.Subject, payload.Span);
            }
        }
        catch (OperationCanceledException) when (_stopping.IsCancellationRequested)
        {
            // Disposed.
        }
    }

    private void Deliver(string name, ReadOnlySpan<byte> payload)
    {
        Span<byte> subject = stackalloc byte[Encoding.UTF8.GetByteCount(name)];
        Encoding.UTF8.GetBytes(name, subject);
        try
        {
            _handler(subject, payload);
            Volatile.Write(ref _received, _received + 1);
        }
        catch (Exception exception)
        {
            // One message that cannot be handled does not end the subscription.
            if (Interlocked.Increment(ref _failures) == 1)
                Log.HandlerFailed(_logger, exception, Subject);
        }
    }
}
