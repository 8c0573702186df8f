using System.Net.Security;
using System.Net.Sockets;
using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Wire;

internal sealed class FrameStream(Socket socket, TimeSpan stallTimeout, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Maximum bytes of one write; the client must read them within the stall timeout.</summary>
    private const int MaxWriteBytes = 256 * 1024;

    /// <summary>Maximum bytes of a piece that is joined with other pieces in one write.</summary>
    private const int MaxJoinedBytes = Buffers.MaxSmallBytes;

    /// <summary>The read buffer: small requests, often several, arrive in one read. An idle connection has no other buffer.</summary>
    private readonly byte[] _buffer = new byte[1024];

    private int _bufferStart;
    private int _bufferEnd;
    private Stream _stream = new NetworkStream(socket, ownsSocket: false);
    private volatile string? _abortReason;

    /// <summary>Bytes in the read buffer.</summary>
    public int BufferedBytes => _bufferEnd - _bufferStart;

    /// <summary>Bytes that have arrived, including those that the operating system has buffered.</summary>
    /// <exception cref="ClientDisconnectedException">The client disconnected.</exception>
    /// <exception cref="SlowClientException">The connection was aborted.</exception>
    public int Arrived
    {
        get
        {
            try
            {
                return BufferedBytes + socket.Available;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                throw ConnectionLost(e);
            }
        }
    }

    /// <returns>The host name that the client requested; empty when there is none.</returns>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The client's certificate is refused, or its TLS is not
    /// compatible.</exception>
    /// <exception cref="ClientDisconnectedException">The client disconnected during the handshake.</exception>
    /// <exception cref="SlowClientException">The connection was aborted.</exception>
    public async Task<string> EncryptAsync(SslServerAuthenticationOptions options, CancellationToken cancellationToken)
    {
        var tls = new SslStream(_stream);
        _stream = tls;
        try
        {
            await tls.AuthenticateAsServerAsync(options, cancellationToken);
            return tls.TargetHostName;
        }
        catch (IOException e)
        {
            throw ConnectionLost(e);
        }
    }

    /// <summary>Fills a short span, and buffers further bytes that arrived; false when the client closes the connection first.</summary>
    /// <exception cref="ClientDisconnectedException">The connection was lost.</exception>
    /// <exception cref="SlowClientException">The connection was aborted.</exception>
    public async Task<bool> TryFillAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        while (BufferedBytes < into.Length)
        {
            _buffer.AsSpan(_bufferStart, BufferedBytes).CopyTo(_buffer);
            (_bufferStart, _bufferEnd) = (0, BufferedBytes);
            var read = await ReceiveAsync(_buffer.AsMemory(_bufferEnd), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            _bufferEnd += read;
        }

        Take(into.Span);
        return true;
    }

    /// <summary>Reads some of the next bytes; 0 when the client has closed the connection.</summary>
    /// <exception cref="ClientDisconnectedException">The connection was lost.</exception>
    /// <exception cref="SlowClientException">The connection was aborted.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken) =>
        BufferedBytes > 0 ? ValueTask.FromResult(Take(into.Span)) : ReceiveAsync(into, cancellationToken);

    /// <summary>Sends pieces as fast as the client reads them.</summary>
    /// <param name="grants">The memory grants of the pieces.</param>
    /// <exception cref="ClientDisconnectedException">The connection was lost.</exception>
    /// <exception cref="SlowClientException">The client read too slowly.</exception>
    public async Task SendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> pieces, IReadOnlyList<MemoryGrant> grants, CancellationToken cancellationToken)
    {
        TransferRateWatch? watch = null;
        var joinBuffer = pieces.Count > 1 ? Buffers.Rent((int)Math.Min(pieces.Sum(static p => (long)p.Length), MaxJoinedBytes)) : [];
        try
        {
            foreach (var part in Parts(pieces, joinBuffer))
            {
                foreach (var memory in grants)
                {
                    memory.MarkProgress();
                }

                var written = _stream.WriteAsync(part, cancellationToken);
                if (!written.IsCompleted)
                {
                    // Most responses fit into the socket's buffer; only a response that does not fit is watched.
                    watch ??= new TransferRateWatch(time, stallTimeout, 1, _ => Abort($"it read no byte of a response for {stallTimeout}"));
                }

                await written;
                watch?.AddBytes(part.Length);
                if (part.Length == MaxWriteBytes)
                {
                    await Task.Yield(); // a client that reads at full speed must not starve others
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw ConnectionLost(e);
        }
        finally
        {
            watch?.Dispose();
            if (joinBuffer.Length > 0)
            {
                Buffers.Return(joinBuffer);
            }
        }
    }

    /// <summary>
    /// Closes the connection because the client is too slow, and discards buffered bytes: reads and sends fail with a
    /// <see cref="SlowClientException"/>. Thread-safe.
    /// </summary>
    public void Abort(string reason)
    {
        _abortReason ??= reason;
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The socket is already closed.
        }

        socket.Dispose();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>The pieces to write. Small pieces are joined, because each write wakes the client up.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Parts(IReadOnlyList<ReadOnlyMemory<byte>> pieces, byte[] joinBuffer)
    {
        var filledBytes = 0;
        foreach (var piece in pieces)
        {
            if (piece.Length > joinBuffer.Length - filledBytes && filledBytes > 0)
            {
                yield return joinBuffer.AsMemory(0, filledBytes);
                filledBytes = 0;
            }

            if (piece.Length <= joinBuffer.Length)
            {
                piece.CopyTo(joinBuffer.AsMemory(filledBytes));
                filledBytes += piece.Length;
                continue;
            }

            for (var rest = piece; rest.Length > 0; rest = rest[Math.Min(rest.Length, MaxWriteBytes)..])
            {
                yield return rest[..Math.Min(rest.Length, MaxWriteBytes)];
            }
        }

        if (filledBytes > 0)
        {
            yield return joinBuffer.AsMemory(0, filledBytes);
        }
    }

    /// <summary>Takes bytes from the read buffer and clears them there, because they may contain a password.</summary>
    private int Take(Span<byte> into)
    {
        var takenBytes = _buffer.AsSpan(_bufferStart, Math.Min(BufferedBytes, into.Length));
        takenBytes.CopyTo(into);
        takenBytes.Clear();
        _bufferStart += takenBytes.Length;
        return takenBytes.Length;
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        try
        {
            return await _stream.ReadAsync(into, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw ConnectionLost(e);
        }
    }

    private Exception ConnectionLost(Exception cause) =>
        _abortReason is { } reason ? new SlowClientException(reason) : new ClientDisconnectedException(cause);
}
