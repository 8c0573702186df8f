using System.Net.Security;
using System.Net.Sockets;
using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Wire;

internal sealed class FrameStream(Socket socket, TimeSpan stallTimeout, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Written at a time; the client must take that much within the stall time-out.</summary>
    private const int MostAtOnce = 256 * 1024;

    private Stream _stream = new NetworkStream(socket, ownsSocket: false);
    private volatile string? _aborted;

    /// <summary>Bytes that the system has received and that were not read.</summary>
    /// <exception cref="ClientGoneException">The client has gone.</exception>
    public int Arrived
    {
        get
        {
            try
            {
                return socket.Available;
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
    /// <exception cref="ClientGoneException">The client went in the middle.</exception>
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

    /// <summary>Fills the memory; false when the client goes before.</summary>
    public async Task<bool> TryFillAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        for (var filled = 0; filled < into.Length;)
        {
            var read = await ReadAsync(into[filled..], cancellationToken);
            if (read == 0)
            {
                return false;
            }

            filled += read;
        }

        return true;
    }

    /// <summary>Some of the next bytes; none when the client has gone.</summary>
    /// <exception cref="ClientGoneException">The client went without an end.</exception>
    /// <exception cref="SlowClientException">The connection was aborted.</exception>
    public async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
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

    /// <summary>Sends the pieces as long as the client takes them.</summary>
    /// <param name="held">What they hold in memory, where it is counted.</param>
    /// <exception cref="SlowClientException">The client took too little.</exception>
    public async Task<long> SendAsync(
        IReadOnlyList<ReadOnlyMemory<byte>> pieces, IReadOnlyList<HeldMemory> held, CancellationToken cancellationToken)
    {
        var total = 0L;
        PaceWatch? watch = null;
        try
        {
            foreach (var piece in pieces)
            {
                for (var rest = piece; rest.Length > 0;)
                {
                    var part = rest[..Math.Min(rest.Length, MostAtOnce)];
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
                    total += part.Length;
                    rest = rest[part.Length..];
                    if (part.Length == MostAtOnce)
                    {
                        await Task.Yield(); // a client that takes its answer at full speed leaves the processor to others
                    }
                }
            }

            return total;
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            throw Gone(e);
        }
        finally
        {
            watch?.Dispose();
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

    private Exception Gone(Exception cause) => _aborted is { } reason ? new SlowClientException(reason) : new ClientGoneException(cause);
}
