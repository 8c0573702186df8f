using System.Net.WebSockets;
using CloudTicks.Foundations;
using CloudTicks.Polygon.Serving.Sessions;

namespace CloudTicks.Relay.Clients;

/// <summary>Sends buffered messages to one client in a separate loop, and disconnects the client when it reads too slowly.</summary>
internal sealed class ClientSender
{
    private static readonly TimeSpan CloseTimeout = TimeSpan.FromSeconds(2);

    private readonly ClientSession _session;
    private readonly FeedSocket _socket;
    private readonly ClientParts _parts;
    private readonly OutgoingEvents _outgoing;
    private readonly Action _afterBatch;
    private readonly Task _sending;
    private bool _isInBatch;
    private long _sentEvents;
    private long _sentBytes;
    private int _isDropped;

    public ClientSender(ClientSession session, FeedSocket socket, ClientParts parts)
    {
        (_session, _socket, _parts) = (session, socket, parts);
        _outgoing = new OutgoingEvents(parts.Options.ClientBufferBytes, parts.Time, parts.Buffers);
        _afterBatch = EndBatch;
        _sending = RunAsync();
    }

    public long SentEvents => Interlocked.Read(ref _sentEvents);

    public long SentBytes => Interlocked.Read(ref _sentBytes);

    public (long Bytes, long Events, TimeSpan Age) Waiting => _outgoing.Waiting;

    /// <summary>
    /// Buffers events, to send them after the current batch. The caller holds <see cref="Archive.LiveChannels.DeliveryLock"/>.
    /// </summary>
    public void Receive(ReadOnlySpan<byte> events, int count)
    {
        Append(events, count, wakes: false);
        if (_isInBatch)
            return;
        _isInBatch = true;
        _parts.Channels.RunAfterBatch(_afterBatch);
    }

    /// <summary>Sends a status, in order with the events.</summary>
    public void Send(ReadOnlySpan<byte> status) => Append(status, 0, wakes: true);

    public async ValueTask ReceiveHistoryAsync(ReadOnlyMemory<byte> events, int count, CancellationToken cancellationToken)
    {
        await _outgoing.AppendAsync(events, count, cancellationToken);
        _parts.Sessions.RelieveBuffers();
    }

    /// <summary>Disconnects the client because the shared buffers are full and it has the largest backlog.</summary>
    public void DropForLargestBacklog()
    {
        if (Drop(0, "all") is { } dropped)
            Log.FurthestBehind(
                _parts.Logger, _session.Id, _session.Caller, _session.Market, new ByteSize(_parts.Options.BuffersBytes), dropped);
    }

    /// <summary>Accepts no further messages; buffered messages are still sent.</summary>
    public void End() => _outgoing.End();

    /// <summary>
    /// Sends the buffered messages, and ends the sending loop. If the client does not read them in time, the connection is aborted.
    /// </summary>
    public async Task EndAsync()
    {
        _outgoing.End();
        try
        {
            await _sending.WaitAsync(CloseTimeout, _parts.Time);
        }
        catch (TimeoutException)
        {
            // The client did not read its last messages in time.
            _socket.Abort();
            await _sending;
        }
    }

    private void Append(ReadOnlySpan<byte> events, int count, bool wakes)
    {
        if (!_outgoing.TryAppend(events, count, wakes) && Drop(count, "client") is { } dropped)
            Log.TooSlow(
                _parts.Logger, _session.Id, _session.Caller, _session.Market, new ByteSize(_parts.Options.ClientBufferBytes), dropped);
        _parts.Sessions.RelieveBuffers();
    }

    private void EndBatch()
    {
        _isInBatch = false;
        _outgoing.Wake();
    }

    /// <summary>Disconnects a client that reads too slowly, as Polygon does: without a close frame, which it would not read.</summary>
    /// <returns>The number of unsent events; null when the client was already disconnected.</returns>
    private long? Drop(int refused, string bound)
    {
        if (Interlocked.Exchange(ref _isDropped, 1) != 0)
            return null;
        var events = _outgoing.Discard() + refused;
        _parts.Metrics.Dropped(events, bound);
        _socket.Abort();
        return events;
    }

    private async Task RunAsync()
    {
        try
        {
            while (await _outgoing.DequeueAsync(CancellationToken.None) is { } message)
            {
                await _socket.SendPiecesAsync(message.ToPieces(_socket.SupportsFrames), CancellationToken.None);
                Interlocked.Add(ref _sentEvents, message.Events);
                Interlocked.Add(ref _sentBytes, message.Length);
                _parts.Metrics.Sent(message, _parts.Time.GetElapsedTime(message.Since));
                _outgoing.Sent();
            }
        }
        catch (Exception exception) when (
            exception is WebSocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The client disconnected, which the reading loop notices.
        }
        finally
        {
            _outgoing.Sent();
            _outgoing.Discard();
        }
    }
}
