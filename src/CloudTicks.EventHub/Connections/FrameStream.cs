using System.Net.Security;
using System.Net.Sockets;

namespace CloudTicks.EventHub.Connections;

/// <summary>The bytes of one connection, encrypted or not.</summary>
internal sealed class FrameStream(Socket socket, TimeSpan stallTimeout, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Written at a time; the client must take that much within the stall time-out.</summary>
    private const int MostAtOnce = 256 * 1024;

    private Stream _stream = new NetworkStream(socket, ownsSocket: false);

    /// <summary>Shakes hands by TLS.</summary>
    /// <returns>The host name that the client asked for; empty when it named none.</returns>
    /// <exception cref="System.Security.Authentication.AuthenticationException">The client's certificate is refused, or it speaks no TLS that fits.</exception>
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
            throw new ClientGoneException(e);
        }
    }

    /// <summary>Fills the memory; false when the client goes before.</summary>
    public async Task<bool> TryFillAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        try
        {
            for (var filled = 0; filled < into.Length;)
            {
                var read = await _stream.ReadAsync(into[filled..], cancellationToken);
                if (read == 0)
                {
                    return false;
                }

                filled += read;
            }

            return true;
        }
        catch (IOException e)
        {
            throw new ClientGoneException(e);
        }
    }

    /// <summary>Fills the memory within the stall time-out.</summary>
    public async Task<bool> TryFillInTimeAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        using var stalled = new CancellationTokenSource(stallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        return await TryFillAsync(into, either.Token);
    }

    /// <summary>Sends the pieces as long as the client takes them.</summary>
    /// <returns>The bytes sent.</returns>
    public async Task<long> SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        var total = 0L;
        using var stalled = new CancellationTokenSource(stallTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stalled.Token);
        try
        {
            foreach (var piece in pieces)
            {
                for (var rest = piece; rest.Length > 0;)
                {
                    var part = rest[..Math.Min(rest.Length, MostAtOnce)];
                    await _stream.WriteAsync(part, either.Token);
                    stalled.CancelAfter(stallTimeout);
                    total += part.Length;
                    rest = rest[part.Length..];
                }
            }

            return total;
        }
        catch (IOException e)
        {
            throw new ClientGoneException(e);
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
