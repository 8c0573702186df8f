using System.Net.WebSockets;
using CloudTicks.Polygon.Serving.Sessions;
using CloudTicks.Simulator.Faults;

namespace CloudTicks.Simulator.Sessions;

/// <summary>Passes frames of ticks to a session's socket, complete and immediately unless a fault requires otherwise.</summary>
internal sealed class FrameSender(FeedSession session, FeedSocket socket, GatedStream? transport, SessionParts parts)
    : IAsyncDisposable
{
    private readonly CancellationTokenSource _ended = new();
    private SlowBuffer? _buffer;
    private Task _pumping = Task.CompletedTask;

    public bool HasSentLastFrame { get; private set; }

    public long WaitingBytes => _buffer?.Bytes ?? 0;

    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        HasSentLastFrame = false;
        try
        {
            HasSentLastFrame = parts.Faults.HasNoFaults && _buffer is null
                ? await SendOrBufferAsync(frame, cancellationToken)
                : await SendWithFaultsAsync(frame, cancellationToken);
        }
        catch (Exception exception) when (exception is WebSocketException or IOException or ObjectDisposedException)
        {
            // The client has disconnected, and the session's loop ends the session. A session that is already ending needs no log entry.
            if (!socket.IsEnding)
                Log.FrameNotSent(parts.Logger, session.Market, exception.Message);
            parts.Channels.Remove(session);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ended.CancelAsync();
        await _pumping;
        _ended.Dispose();
    }

    private async ValueTask<bool> SendWithFaultsAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        if (parts.Faults.Strike(FaultCatalog.HugeFrame, session.Target) is { } huge)
            frame = BrokenFrames.Enlarge(frame.Span, huge.Number(FaultCatalog.Bytes));
        if (parts.Faults.Strike(FaultCatalog.BrokenFrame, session.Target) is { } broken)
        {
            switch (broken.Word(FaultCatalog.How))
            {
                case "garbage":
                    frame = BrokenFrames.WithGarbage(frame.Span);
                    break;
                case "utf8":
                    await SendOrBufferAsync(BrokenFrames.WithInvalidUtf8(frame.Span), cancellationToken);
                    break;
                case "truncated":
                    await SendOrBufferAsync(BrokenFrames.Cut(frame), cancellationToken);
                    break;
                default:
                    parts.Channels.Remove(session);
                    if (transport is not null)
                        await socket.WriteBetweenMessagesAsync(token => transport.WriteHalfAsync(frame, token), cancellationToken);
                    socket.Abort();
                    return false;
            }
        }

        return await SendOrBufferAsync(frame, cancellationToken);
    }

    private async ValueTask<bool> SendOrBufferAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        if (_buffer is null && parts.Faults.FindAffecting(FaultCatalog.SlowConsumer, session.Target) is { } slow)
        {
            _buffer = new SlowBuffer(socket, slow.Number(FaultCatalog.Bytes), slow.Number(FaultCatalog.BytesPerSecond), parts.Time);
            _pumping = _buffer.RunAsync(_ended.Token);
        }

        if (_buffer is null)
        {
            await socket.SendAsync(frame, cancellationToken);
            return true;
        }

        if (_buffer.TryAdd(frame))
            return true;
        Log.TooSlow(parts.Logger, session.Market, session.Id);
        session.Drop();
        return false;
    }
}
