using System.Buffers.Binary;
using System.Globalization;
using CloudTicks.EventHub.Apis;
using CloudTicks.EventHub.Security;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Connections;

/// <summary>Reads requests from one connection. The length of each request is validated before memory is allocated for it.</summary>
internal sealed class RequestReader(FrameStream frames, ConnectionServices services, ClientSession session, EventHubOptions options)
{
    private const int LengthBytes = 4;
    private const int TlsHandshake = 0x160301;

    /// <summary>A transfer makes progress each time the client has sent this many bytes.</summary>
    private const int StepBytes = 64 * 1024;

    /// <summary>Maximum bytes of one receive.</summary>
    private const int SliceBytes = 256 * 1024;

    private static readonly TimeSpan PaceWindow = TimeSpan.FromSeconds(8);

    private readonly byte[] _length = new byte[LengthBytes];

    /// <summary>Reads the length of the next Kafka frame; returns 0 when the client has disconnected.</summary>
    /// <exception cref="MalformedRequestException">The length is out of bounds.</exception>
    /// <exception cref="ClientDisconnectedException">The connection was lost.</exception>
    public async Task<int> ReadLengthAsync(int min, int max, CancellationToken cancellationToken)
    {
        if (!await frames.TryFillAsync(_length, cancellationToken))
        {
            return 0;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_length);
        return length >= min && length <= max ? length : throw new MalformedRequestException(
            length >> 8 == TlsHandshake && services.Security.Tls is null
                ? "the client uses TLS, but the event hub has no certificate (--tls-certificate)"
                : $"the length of a request is {length} bytes; it must be from {min} to {max}");
    }

    /// <summary>Reads the content of the next Kafka frame; the caller releases them.</summary>
    /// <exception cref="MalformedRequestException">The client disconnected before the end, or was too slow.</exception>
    /// <exception cref="ClientDisconnectedException">The connection was lost.</exception>
    public async Task<RequestBuffer> ReadFrameAsync(int length, CancellationToken cancellationToken)
    {
        var grant = length > MemoryBudget.UncountedBytes ? session.Memory.Requests.Hold() : null;
        var buffer = new RequestBuffer(length, grant);
        try
        {
            await (length > HeavyWork.ThresholdBytes
                ? await StartHeavyAsync(buffer, grant, cancellationToken)
                : StartAsync(buffer, grant, cancellationToken));
            services.Metrics.Received(length + LengthBytes);
            return buffer;
        }
        catch
        {
            buffer.Release();
            throw;
        }
    }

    /// <summary>Reads the next request; the caller releases its buffer.</summary>
    /// <exception cref="MalformedRequestException">The bytes are not a request, or did not arrive completely and in time.</exception>
    /// <exception cref="ClientDisconnectedException">The connection was lost.</exception>
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

    private Task<Task> StartHeavyAsync(RequestBuffer buffer, MemoryGrant? grant, CancellationToken cancellationToken) =>
        services.Heavy.StartAsync(() => StartAsync(buffer, grant, cancellationToken));

    private Task StartAsync(RequestBuffer buffer, MemoryGrant? grant, CancellationToken cancellationToken) =>
        frames.BufferedBytes >= buffer.Length || frames.Arrived >= buffer.Length
            ? FillAsync(buffer, grant, null, cancellationToken) // all bytes have arrived: no watch is needed
            : FillInTimeAsync(buffer, grant, cancellationToken);

    private async Task FillInTimeAsync(RequestBuffer buffer, MemoryGrant? grant, CancellationToken cancellationToken)
    {
        var window = PaceWindow < options.StallTimeout && options.MinRequestBytesPerSecond > 0 ? PaceWindow : options.StallTimeout;
        var minBytes = Math.Max((long)(options.MinRequestBytesPerSecond * window.TotalSeconds), 1);
        using var watch = new TransferRateWatch(services.Time, window, minBytes, watch => frames.Abort(string.Create(
            CultureInfo.InvariantCulture,
            $"it sent {buffer.Received} of the {buffer.Length} bytes of a request at {watch.BytesPerSecond:0.#} B/s, less than ")
            + $"{options.MinRequestBytesPerSecond} B/s"));
        await FillAsync(buffer, grant, watch, cancellationToken);
    }

    private async Task FillAsync(RequestBuffer buffer, MemoryGrant? grant, TransferRateWatch? watch, CancellationToken cancellationToken)
    {
        var movedTo = 0;
        while (!buffer.IsComplete)
        {
            if (buffer.Room.IsEmpty)
            {
                watch?.SetPaused(true);
                await buffer.GrowAsync(buffer.Length <= RequestBuffer.FirstBytes ? 0 : frames.Arrived, cancellationToken);
                watch?.SetPaused(false);
            }

            var room = buffer.Room;
            var read = await frames.ReadAsync(room[..Math.Min(room.Length, SliceBytes)], cancellationToken);
            if (read == 0)
            {
                throw new MalformedRequestException("the client disconnected in the middle of a request");
            }

            buffer.Add(read);
            watch?.AddBytes(read);
            if (buffer.Received - movedTo >= StepBytes)
            {
                movedTo = buffer.Received;
                grant?.MarkProgress();
                await Task.Yield(); // a client that sends at full speed must not starve others
            }
        }
    }
}
