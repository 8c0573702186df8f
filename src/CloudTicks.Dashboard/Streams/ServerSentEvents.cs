using System.Buffers;
using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace CloudTicks.Dashboard.Streams;

/// <summary>Writes server-sent events. Each one is flushed before the next, so that nothing queues outside the socket's buffer.</summary>
internal sealed class ServerSentEvents(HttpResponse response)
{
    private static readonly TimeSpan KeepAliveInterval = TimeSpan.FromSeconds(10);
    private static readonly byte[] KeepAliveComment = ": alive\n\n"u8.ToArray();

    private long _writtenAt;
    private bool _hasSent = true;

    public Task BeginAsync(CancellationToken cancellationToken)
    {
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-store, no-transform";
        // Some proxies would otherwise buffer the whole response.
        response.Headers["X-Accel-Buffering"] = "no";
        response.HttpContext.Features.Get<IHttpResponseBodyFeature>()?.DisableBuffering();
        return response.BodyWriter.FlushAsync(cancellationToken).AsTask();
    }

    /// <summary>Sends an event.</summary>
    /// <param name="id">The id from which the stream can resume; null for none.</param>
    public async Task SendAsync(string name, ReadOnlyMemory<byte> json, string? id, CancellationToken cancellationToken)
    {
        Begin(response.BodyWriter, name, json.Span, id);
        _hasSent = true;
        await response.BodyWriter.FlushAsync(cancellationToken);
    }

    /// <summary>Waits for a signal, and meanwhile sends a comment every ten seconds to keep the connection alive.</summary>
    public async Task UntilAsync(Task signal, TimeProvider time, CancellationToken cancellationToken)
    {
        if (_hasSent)
        {
            (_writtenAt, _hasSent) = (time.GetTimestamp(), false);
        }

        while (true)
        {
            var remaining = KeepAliveInterval - time.GetElapsedTime(_writtenAt);
            if (remaining <= TimeSpan.Zero)
            {
                await response.BodyWriter.WriteAsync(KeepAliveComment, cancellationToken);
                (_writtenAt, remaining) = (time.GetTimestamp(), KeepAliveInterval);
            }

            try
            {
                await signal.WaitAsync(remaining, time, cancellationToken);
                return;
            }
            catch (TimeoutException)
            {
                // No signal in that time: send a keep-alive.
            }
        }
    }

    private static void Begin(IBufferWriter<byte> writer, string name, ReadOnlySpan<byte> json, string? id)
    {
        if (id is not null)
        {
            Encoding.UTF8.GetBytes($"id: {id}\n", writer);
        }

        Encoding.UTF8.GetBytes($"event: {name}\ndata: ", writer);
        writer.Write(json);
        writer.Write("\n\n"u8);
    }
}
