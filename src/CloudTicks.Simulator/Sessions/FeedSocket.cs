using System.Net.WebSockets;

namespace CloudTicks.Simulator.Sessions;

/// <summary>The WebSocket of a session: messages in and out, and the ways to end it.</summary>
internal sealed class FeedSocket(WebSocket socket, GatedStream? transport, Action abort) : IDisposable
{
    private const int MaxMessageBytes = 1_000_000;

    // A socket takes one message at a time; acknowledgements come between the sender's frames.
    private readonly SemaphoreSlim _sending = new(1);
    private readonly byte[] _received = new byte[64 * 1024];
    private volatile bool _isDisposed;

    /// <summary>Nothing more is expected of the client.</summary>
    public bool IsEnding => _isDisposed || socket.State is WebSocketState.Closed or WebSocketState.CloseSent or WebSocketState.Aborted;

    /// <summary>Reads nothing any more, not even pings, while it is true.</summary>
    public void SetDead(bool isDead)
    {
        if (transport is not null)
            transport.IsShut = isDead;
    }

    /// <summary>The next message; null when the client has gone.</summary>
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

    /// <exception cref="WebSocketException">The client has gone.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.SendAsync(frame, WebSocketMessageType.Text, true, cancellationToken);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            // What a socket says that was aborted meanwhile.
            throw new WebSocketException(WebSocketError.ConnectionClosedPrematurely, exception);
        }
        finally
        {
            _sending.Release();
        }
    }

    /// <summary>Announces a message, sends half of it and breaks the connection.</summary>
    public async Task SendHalfAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            if (transport is not null)
            {
                // RFC 6455: the last frame of a text, its length in two bytes.
                byte[] head = [0x81, 126, 0xFF, 0xFF];
                await transport.WriteAsync(head, cancellationToken);
                await transport.WriteAsync(frame[..Math.Min(frame.Length / 2, ushort.MaxValue / 2)], cancellationToken);
                await transport.FlushAsync(cancellationToken);
            }
        }
        finally
        {
            _sending.Release();
        }

        Abort();
    }

    public async Task CloseAsync(WebSocketCloseStatus status, CancellationToken cancellationToken)
    {
        await _sending.WaitAsync(cancellationToken);
        try
        {
            await socket.CloseOutputAsync(status, null, cancellationToken);
        }
        finally
        {
            _sending.Release();
        }
    }

    public void Abort() => abort();

    public void Dispose()
    {
        _isDisposed = true;
        _sending.Dispose();
    }
}
