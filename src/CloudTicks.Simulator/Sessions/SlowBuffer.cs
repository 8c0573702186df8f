using System.Net.WebSockets;
using System.Threading.Channels;
using CloudTicks.Polygon.Serving.Sessions;

namespace CloudTicks.Simulator.Sessions;

/// <summary>
/// Buffers frames that a client has not read, up to <paramref name="capacity"/> bytes. Above that, the connection is aborted.
/// </summary>
internal sealed class SlowBuffer(FeedSocket socket, long capacity, long bytesPerSecond, TimeProvider time)
{
    // The channel is unbounded, because the buffer is bounded by bytes and not by frames.
    private readonly Channel<byte[]> _frames = Channel.CreateUnbounded<byte[]>(new UnboundedChannelOptions { SingleReader = true });
    private long _bytes;

    public long Bytes => Interlocked.Read(ref _bytes);

    /// <returns>False when the buffer is full: the caller must abort the connection.</returns>
    public bool TryAdd(ReadOnlyMemory<byte> frame)
    {
        if (Interlocked.Add(ref _bytes, frame.Length) > capacity)
        {
            _frames.Writer.TryComplete();
            return false;
        }

        return _frames.Writer.TryWrite(frame.ToArray());
    }

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        try
        {
            await foreach (var frame in _frames.Reader.ReadAllAsync(cancellationToken))
            {
                await socket.SendAsync(frame, cancellationToken);
                Interlocked.Add(ref _bytes, -frame.Length);
                if (bytesPerSecond > 0)
                    await Task.Delay(TimeSpan.FromSeconds((double)frame.Length / bytesPerSecond), time, cancellationToken);
            }
        }
        catch (Exception exception) when (
            exception is OperationCanceledException or WebSocketException or ObjectDisposedException or IOException)
        {
            // The session has ended. The session's own loop handles that.
            _frames.Writer.TryComplete();
        }
    }
}
