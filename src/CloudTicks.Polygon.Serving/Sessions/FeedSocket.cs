using System.Net.WebSockets;

namespace CloudTicks.Polygon.Serving.Sessions;

/// <summary>The WebSocket of a session: receives and sends messages, and ends the session.</summary>
/// <param name="frames">The stream for complete frames; null when it is not available.</param>
internal sealed class FeedSocket(WebSocket socket, Action abort, FrameStream? frames = null) : IDisposable
{
    private const int MaxMessageBytes = 1_000_000;

    // Held while sending, because a socket sends one message at a time; acknowledgements are sent between the sender's frames.
    private readonly SemaphoreSlim _sending = new(1);
    private readonly byte[] _received = new byte[4 * 1024];
    private volatile bool _isDisposed;

    /// <summary>Whether the session is ending, so that no message is expected from the client.</summary>
    public bool IsEnding => _isDisposed || socket.State is WebSocketState.Closed or WebSocketState.CloseSent or WebSocketState.Aborted;

    /// <summary>Whether complete frames can be written directly. Not possible over HTTP/2, which does not upgrade connections.</summary>
    public bool SupportsFrames => frames is not null;

    /// <summary>Receives the next message; null when the client has disconnected, or its message is too large.</summary>
    public async Task<ReadOnlyMemory<byte>?> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        try
        {
            while (message.Length <= MaxMessageBytes)
            {
                var result = await socket.ReceiveAsync(_received.AsMemory(), cancellationToken);
                if (result.MessageType == WebSocketMessageType.Close)
                {
                    await CloseAsync(WebSocketCloseStatus.NormalClosure, cancellationToken);
                    return null;
                }

                message.Write(_received, 0, result.Count);
                if (result.EndOfMessage)
                    return message.GetBuffer().AsMemory(0, (int)message.Length);
            }

            await CloseAsync(WebSocketCloseStatus.MessageTooBig, cancellationToken);
        }
        catch (WebSocketException)
        {
            // The connection broke.
        }

        return null;
    }

    /// <summary>Discards messages until the client responds to the close frame.</summary>
    public async Task DrainAsync(TimeSpan timeout, TimeProvider time, CancellationToken cancellationToken)
    {
        while (await ReceiveAsync(cancellationToken).WaitAsync(timeout, time, cancellationToken) is not null)
        {
            // These messages were sent before the client received the close frame.
        }
    }

    /// <exception cref="WebSocketException">The client has disconnected.</exception>
    public ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken) =>
        SendAsync(frame, null, cancellationToken);

    /// <summary>Sends a message in pieces. With <see cref="SupportsFrames"/>, this avoids the copy that a WebSocket makes.</summary>
    /// <param name="pieces">
    /// At least one piece. If <see cref="SupportsFrames"/> is true, the first piece must begin with the frame's header; otherwise no piece
    /// may contain it.
    /// </param>
    /// <exception cref="WebSocketException">The client has disconnected.</exception>
    public ValueTask SendPiecesAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken) =>
        SendAsync(default, pieces, cancellationToken);

    /// <summary>Writes directly to the connection between two messages.</summary>
    public async Task WriteBetweenMessagesAsync(Func<CancellationToken, Task> write, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await write(cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    public Task CloseAsync(WebSocketCloseStatus status, CancellationToken cancellationToken) =>
        WriteBetweenMessagesAsync(token => socket.CloseOutputAsync(status, null, token), cancellationToken);

    public void Abort() => abort();

    public void Dispose()
    {
        _isDisposed = true;
        _sending.Dispose();
    }

    private async ValueTask SendAsync(
        ReadOnlyMemory<byte> message, IReadOnlyList<ReadOnlyMemory<byte>>? pieces, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            if (pieces is null)
                await socket.SendAsync(message, WebSocketMessageType.Text, true, cancellationToken);
            else if (frames is null)
                await SendFragmentsAsync(pieces, cancellationToken);
            else if (socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
                await frames.WriteFrameAsync(pieces, cancellationToken);
            else
                throw new WebSocketException(WebSocketError.InvalidState);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The socket was aborted in the meantime.
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, exception);
        }
        finally
        {
            _sending.Release();
        }
    }

    private async ValueTask SendFragmentsAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        for (var index = 0; index < pieces.Count; index++)
            await socket.SendAsync(pieces[index], WebSocketMessageType.Text, index == pieces.Count - 1, cancellationToken);
    }
}
