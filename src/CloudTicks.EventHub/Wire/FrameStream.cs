using System.Net.Security;
using System.Net.Sockets;
using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Wire;

internal sealed class FrameStream(Socket socket, TimeSpan stallTimeout, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Written at a time; the client must take that much within the stall time-out.</summary>
    private const int MostAtOnce = 256 * 1024;

    /// <summary>Pieces that are not larger are written together.</summary>
    private const int JoinedBytes = Buffers.MaxSmallBytes;

    /// <summary>Small requests, often several, come by one read. A connection that waits has nothing else in memory.</summary>
    private readonly byte[] _ahead = new byte[1024];

    private int _aheadFrom;
    private int _aheadTo;
    private Stream _stream = new NetworkStream(socket, ownsSocket: false);
    private volatile string? _aborted;

    /// <summary>Bytes that are here already.</summary>
    public int Ahead => _aheadTo - _aheadFrom;

    /// <summary>Bytes that the system has received and that were not taken.</summary>
    /// <exception cref="ClientDisconnectedException">The client has gone.</exception>
    public int Arrived
    {
        get
        {
            try
            {
                return Ahead + socket.Available;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                throw Gone(e);
            }
        }
    }

    /// <returns>The host name that the client asked for; empty when it named none.</returns>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The client's certificate is refused, or it speaks no TLS
    /// that fits.</exception>
    /// <exception cref="ClientDisconnectedException">The client went in the middle.</exception>
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
            throw Gone(e);
        }
    }

    /// <summary>Fills a few bytes, and takes what else has come; false when the client goes before.</summary>
    public async Task<bool> TryFillAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        while (Ahead < into.Length)
        {
            _ahead.AsSpan(_aheadFrom, Ahead).CopyTo(_ahead);
            (_aheadFrom, _aheadTo) = (0, Ahead);
            var read = await ReceiveAsync(_ahead.AsMemory(_aheadTo), cancellationToken);
            if (read == 0)
            {
                return false;
            }

            _aheadTo += read;
        }

        Take(into.Span);
        return true;
    }

    /// <summary>Some of the next bytes; none when the client has gone.</summary>
    /// <exception cref="ClientDisconnectedException">The client went without an end.</exception>
    /// <exception cref="SlowClientException">The connection was aborted.</exception>
    public ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken) =>
        Ahead > 0 ? ValueTask.FromResult(Take(into.Span)) : ReceiveAsync(into, cancellationToken);

    /// <summary>Sends the pieces as long as the client takes them.</summary>
    /// <param name="held">What they hold in memory, where it is counted.</param>
    /// <exception cref="SlowClientException">The client took too little.</exception>
    public async Task SendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> pieces, IReadOnlyList<HeldMemory> held, CancellationToken cancellationToken)
    {
        PaceWatch? watch = null;
        var joined = pieces.Count > 1 ? Buffers.Rent((int)Math.Min(pieces.Sum(static p => (long)p.Length), JoinedBytes)) : [];
        try
        {
            foreach (var part in Parts(pieces, joined))
            {
                foreach (var memory in held)
                {
                    memory.Moved();
                }

                var written = _stream.WriteAsync(part, cancellationToken);
                if (!written.IsCompleted)
                {
                    // Most answers fit into the socket's buffer; only those that do not are watched.
                    watch ??= new PaceWatch(time, stallTimeout, 1, _ => Abort($"it took nothing of an answer for {stallTimeout}"));
                }

                await written;
                watch?.Moved(part.Length);
                if (part.Length == MostAtOnce)
                {
                    await Task.Yield(); // a client that takes its answer at full speed leaves the processor to others
                }
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw Gone(e);
        }
        finally
        {
            watch?.Dispose();
            if (joined.Length > 0)
            {
                Buffers.Return(joined);
            }
        }
    }

    /// <summary>
    /// Closes the connection because the client is too slow, and forgets what the system has of it: reading and sending end with a
    /// <see cref="SlowClientException"/>. May be called by any thread.
    /// </summary>
    public void Abort(string reason)
    {
        _aborted ??= reason;
        try
        {
            socket.LingerState = new LingerOption(true, 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        socket.Dispose();
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();

    /// <summary>The pieces as they are written: small ones together, because each write wakes the client up.</summary>
    private static IEnumerable<ReadOnlyMemory<byte>> Parts(IReadOnlyList<ReadOnlyMemory<byte>> pieces, byte[] joined)
    {
        var filled = 0;
        foreach (var piece in pieces)
        {
            if (piece.Length > joined.Length - filled && filled > 0)
            {
                yield return joined.AsMemory(0, filled);
                filled = 0;
            }

            if (piece.Length <= joined.Length)
            {
                piece.CopyTo(joined.AsMemory(filled));
                filled += piece.Length;
                continue;
            }

            for (var rest = piece; rest.Length > 0; rest = rest[Math.Min(rest.Length, MostAtOnce)..])
            {
                yield return rest[..Math.Min(rest.Length, MostAtOnce)];
            }
        }

        if (filled > 0)
        {
            yield return joined.AsMemory(0, filled);
        }
    }

    /// <summary>Takes of what is here, and forgets it: it may be a password.</summary>
    private int Take(Span<byte> into)
    {
        var taken = _ahead.AsSpan(_aheadFrom, Math.Min(Ahead, into.Length));
        taken.CopyTo(into);
        taken.Clear();
        _aheadFrom += taken.Length;
        return taken.Length;
    }

    private async ValueTask<int> ReceiveAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        try
        {
            return await _stream.ReadAsync(into, cancellationToken);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw Gone(e);
        }
    }

    private Exception Gone(Exception cause) => _aborted is { } reason ? new SlowClientException(reason) : new ClientDisconnectedException(cause);
}
