using System.Buffers.Binary;
using System.Net.Sockets;
using CloudTicks.EventHub.Hosting;
using CloudTicks.EventHub.Protocol;
using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Connections;

/// <summary>
/// One client. Requests are handled one after another and answered in order; only produce requests overlap, because each is in its
/// place in the log before the next one is read. While a request waits (a long poll, a join), the length of the next one is
/// already being read, so that a client that goes away is noticed.
/// </summary>
internal sealed class KafkaConnection(Socket socket, ConnectionServices services, EventHubOptions options, ILogger logger) : IDisposable
{
    private const int LengthBytes = 4;
    private const int SmallestRequest = 8;
    private const int MaxInFlight = 16;

    private readonly SemaphoreSlim _slots = new(MaxInFlight, MaxInFlight);
    private readonly byte[] _length = new byte[LengthBytes];
    private readonly string _client = ClientOf(socket);

    /// <summary>Serves the client until it goes, breaks the protocol, or the hub stops. Does not throw.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        try
        {
            socket.NoDelay = true;
            await ServeAsync(ended);
        }
        catch (MalformedRequestException e)
        {
            logger.ConnectionRefused(_client, e.Message);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException or LogUnavailableException)
        {
            // The client went, stalled, or the hub stops.
        }
        catch (Exception e)
        {
            logger.ConnectionFailed(_client, e);
        }
        finally
        {
            await ended.CancelAsync();
        }
    }

    /// <summary>The client's address, as far as it can still be told.</summary>
    public static string ClientOf(Socket socket)
    {
        try
        {
            return socket.RemoteEndPoint?.ToString() ?? "";
        }
        catch (SocketException)
        {
            return "a client that is gone";
        }
    }

    public void Dispose()
    {
        socket.Dispose();
        _slots.Dispose();
    }

    private async Task ServeAsync(CancellationTokenSource ended)
    {
        var answered = Task.CompletedTask;
        try
        {
            var next = ReadLengthAsync(ended);
            while (await next is > 0 and var length)
            {
                var request = await ReadRequestAsync(length, ended.Token);
                var api = services.Apis.Find(request.Key, request.Version);
                next = ReadLengthAsync(ended);
                if (api.Pipelined)
                {
                    await _slots.WaitAsync(ended.Token);
                    answered = AnswerAsync(api, request, answered, ended);
                }
                else
                {
                    await answered;
                    await _slots.WaitAsync(ended.Token);
                    answered = AnswerAsync(api, request, Task.CompletedTask, ended);
                    await answered;
                }
            }
        }
        finally
        {
            await ended.CancelAsync();
            await answered;
        }
    }

    /// <summary>Handles a request at once and answers it when the one before has been answered. A failure ends the connection.</summary>
    private async Task AnswerAsync(Api api, Request request, Task before, CancellationTokenSource ended)
    {
        using var response = new Response(request.CorrelationId);
        var began = services.Metrics.Now();
        try
        {
            try
            {
                await api.HandleAsync(request, response, ended.Token);
            }
            finally
            {
                request.Buffer.Release();
                await before;
            }

            if (!response.Silent)
            {
                var bytes = await SendAsync(response.Frame(), ended.Token);
                services.Metrics.Sent(api.Key, began, bytes);
            }
        }
        catch
        {
            await ended.CancelAsync();
            throw;
        }
        finally
        {
            _slots.Release();
        }
    }

    /// <summary>The length of the next request; 0 when the client has gone, which also ends what it waits for.</summary>
    private async Task<int> ReadLengthAsync(CancellationTokenSource ended)
    {
        if (!await TryFillAsync(_length, ended.Token))
        {
            await ended.CancelAsync();
            return 0;
        }

        var length = BinaryPrimitives.ReadInt32BigEndian(_length);
        if (length >= SmallestRequest && length <= options.MaxRequestBytes)
        {
            return length;
        }

        await ended.CancelAsync();
        throw new MalformedRequestException($"a request claims {length} bytes; from {SmallestRequest} to {options.MaxRequestBytes} are allowed");
    }

    private async Task<Request> ReadRequestAsync(int length, CancellationToken cancellationToken)
    {
        await services.Requests.TakeAsync(length, cancellationToken);
        var buffer = new RequestBuffer(length, services.Requests);
        try
        {
            using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            using var timer = services.Time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), stalled, options.StallTimeout, Timeout.InfiniteTimeSpan);
            if (!await TryFillAsync(buffer.Bytes, stalled.Token))
            {
                throw new MalformedRequestException("the client went in the middle of a request");
            }

            services.Metrics.Received(length + LengthBytes);
            var request = new Request(buffer, _client);
            request.ReadHeader();
            return request;
        }
        catch
        {
            buffer.Release();
            throw;
        }
    }

    private async Task<bool> TryFillAsync(Memory<byte> into, CancellationToken cancellationToken)
    {
        var filled = 0;
        while (filled < into.Length)
        {
            var read = await socket.ReceiveAsync(into[filled..], SocketFlags.None, cancellationToken);
            if (read == 0)
            {
                return false;
            }

            filled += read;
        }

        return true;
    }

    private async Task<long> SendAsync(IReadOnlyList<ReadOnlyMemory<byte>> pieces, CancellationToken cancellationToken)
    {
        var total = 0L;
        using var stalled = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        using var timer = services.Time.CreateTimer(static s => ((CancellationTokenSource)s!).Cancel(), stalled, options.StallTimeout, Timeout.InfiniteTimeSpan);
        foreach (var piece in pieces)
        {
            for (var rest = piece; rest.Length > 0;)
            {
                var sent = await socket.SendAsync(rest, SocketFlags.None, stalled.Token);
                timer.Change(options.StallTimeout, Timeout.InfiniteTimeSpan);
                total += sent;
                rest = rest[sent..];
            }
        }

        return total;
    }
}
