using System.Buffers.Binary;
using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Connections;

/// <summary>Takes requests off one connection; each is bounded before memory is taken for it.</summary>
internal sealed class RequestReader(FrameStream frames, ConnectionServices services, ClientSession session)
{
    private const int LengthBytes = 4;
    private const int TlsGreeting = 0x160301;

    private readonly byte[] _length = new byte[LengthBytes];

    /// <summary>The length of the next frame; 0 when the client has gone.</summary>
    /// <exception cref="MalformedRequestException">It is not within the bounds.</exception>
    public async Task<int> ReadLengthAsync(int least, int most, CancellationToken cancellationToken)
    {
        if (!await frames.TryFillAsync(_length, cancellationToken))
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_length);
        return length >= least && length <= most ? length : throw new MalformedRequestException(
            length >> 8 == TlsGreeting && services.Security.Tls is null
                ? "the client speaks TLS, and the hub has no certificate (--tls-certificate)"
                : $"a request claims {length} bytes; from {least} to {most} are allowed");
    }

    /// <summary>The bytes of the next frame; the caller releases them.</summary>
    /// <exception cref="MalformedRequestException">The client went before its end.</exception>
    public async Task<RequestBuffer> ReadFrameAsync(int length, CancellationToken cancellationToken)
    {
        await services.Requests.TakeAsync(length, cancellationToken);
        var buffer = new RequestBuffer(length, services.Requests);
        try
        {
            if (!await frames.TryFillInTimeAsync(buffer.Bytes, services.Requests, cancellationToken))
            {
                throw new MalformedRequestException("the client went in the middle of a request");
            }

            services.Metrics.Received(length + LengthBytes);
            return buffer;
        }
        catch
        {
            buffer.Release();
            throw;
        }
    }

    /// <summary>The next request; the caller releases its buffer.</summary>
    /// <exception cref="MalformedRequestException">It is none.</exception>
    public async Task<Request> ReadRequestAsync(int length, CancellationToken cancellationToken)
    {
        var buffer = await ReadFrameAsync(length, cancellationToken);
        try
        {
            var request = new Request(buffer, session);
            request.ReadHeader();
            return request;
        }
        catch
        {
            buffer.Release();
            throw;
        }
    }
}
