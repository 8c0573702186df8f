using System.Net.Security;
using System.Net.Sockets;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Wire;

internal sealed class FrameStream(Socket socket, TimeSpan stallTimeout, TimeProvider time) : IAsyncDisposable
{
    /// <summary>Written at a time; the client must take that much within the stall time-out.</summary>
    private const int MostAtOnce = 256 * 1024;

    private Stream _stream = new NetworkStream(socket, ownsSocket: false);

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
            throw new ClientGoneException(e);
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

    /// <summary>Fills memory that was taken from a budget, all of it within the stall time-out.</summary>
    /// <exception cref="MalformedRequestException">The client was too slow.</exception>
    public async Task<bool> TryFillInTimeAsync(Memory<byte> into, ByteBudget memory, CancellationToken cancellationToken)
    {
        using var late = new CancellationTokenSource(stallTimeout, time);
        using var watch = new StallWatch(time, stallTimeout, memory, cancellationToken, late.Token);
        try
        {
            for (var filled = 0; filled < into.Length;)
            {
                var read = await ReadAsync(into[filled..], watch.Token);
                if (read == 0)
                {
                    return false;
                }

                filled += read;
                watch.Moved();
            }

            return true;
        }
        catch (OperationCanceledException) when (watch.HasStalled || late.IsCancellationRequested)
        {
            throw new MalformedRequestException($"it sent too little of a request of {into.Length} bytes for too long");
        }
    }

    /// <summary>Sends the pieces as long as the client takes them.</summary>
    /// <param name="memory">What their bytes were taken from, if they are counted.</param>
    /// <exception cref="MalformedRequestException">The client was too slow.</exception>
    public async Task<long> SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, ByteBudget? memory, CancellationToken cancellationToken)
    {
        var total = 0L;
        using var watch = new StallWatch(time, stallTimeout, memory, cancellationToken);
        try
        {
            foreach (var piece in pieces)
            {
                for (var rest = piece; rest.Length > 0;)
                {
                    var part = rest[..Math.Min(rest.Length, MostAtOnce)];
                    await _stream.WriteAsync(part, watch.Token);
                    watch.Moved();
                    total += part.Length;
                    rest = rest[part.Length..];
                }
            }

            return total;
        }
        catch (OperationCanceledException) when (watch.HasStalled)
        {
            throw new MalformedRequestException("it took nothing of an answer for too long");
        }
        catch (IOException e)
        {
            throw new ClientGoneException(e);
        }
    }

    private async ValueTask<int> ReadAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        try
        {
            return await _stream.ReadAsync(into, cancellationToken);
        }
        catch (IOException e)
        {
            throw new ClientGoneException(e);
        }
    }

    public ValueTask DisposeAsync() => _stream.DisposeAsync();
}
