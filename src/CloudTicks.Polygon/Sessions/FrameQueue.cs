using System.Threading.Channels;
using CloudTicks.Foundations;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// The queue between the sockets and the decoding loop. The sockets must be read immediately, because the server ends the session of a slow
/// reader. The queue is bounded by bytes and frames. While it is full, the sockets are not read, and the feed lags.
/// </summary>
/// <param name="maxBytes">Maximum bytes of queued frames; a larger frame is queued alone.</param>
public sealed class FrameQueue(long maxBytes = FrameQueue.DefaultMaxBytes)
{
    /// <summary>The default maximum: 64 MiB, half a minute of a busy feed.</summary>
    public const long DefaultMaxBytes = 64 << 20;

    private const int MaxFrames = 65_536;

    private readonly Lock _lock = new();
    private readonly Channel<ReceivedFrame> _frames = Channel.CreateBounded<ReceivedFrame>(
        new BoundedChannelOptions(MaxFrames) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly WakeSignal _wakeups = new();
    private long _bytes;
    private long _wakeAtBytes = 1;
    private TaskCompletionSource? _room;

    /// <summary>The maximum number of bytes of queued frames.</summary>
    public long MaxBytes => maxBytes;

    /// <summary>The number of bytes of queued frames.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Queues a frame, once there is room.</summary>
    /// <param name="frame">The frame. The queue owns it once this method completes.</param>
    /// <param name="cancellationToken">Cancels the wait; then the caller still owns the frame.</param>
    public async ValueTask WriteAsync(ReceivedFrame frame, CancellationToken cancellationToken)
    {
        while (ReserveRoom(frame.Length) is { } full)
        {
            await full.WaitAsync(cancellationToken);
        }

        try
        {
            await _frames.Writer.WriteAsync(frame, cancellationToken);
        }
        catch
        {
            ReleaseRoom(frame.Length);
            throw;
        }

        if (Bytes >= Interlocked.Read(ref _wakeAtBytes))
        {
            Wake();
        }
    }

    /// <summary>Removes the first frame.</summary>
    public bool TryRead(out ReceivedFrame frame)
    {
        if (!_frames.Reader.TryRead(out frame))
        {
            return false;
        }

        ReleaseRoom(frame.Length);
        return true;
    }

    /// <summary>Completes the reader's wait although no frame was queued.</summary>
    public void Wake() => _wakeups.Set();

    /// <summary>Completes when a frame is queued or <see cref="Wake"/> is called. May complete spuriously.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken) => WaitAsync(1, cancellationToken);

    /// <summary>Completes when this many bytes are queued or <see cref="Wake"/> is called. May complete spuriously.</summary>
    /// <param name="bytes">
    /// 1 to wait for any frame; more to let frames gather, in which case <see cref="Wake"/> must end the wait in time.
    /// </param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        // A writer adds its bytes before it reads _wakeAtBytes, and this method sets _wakeAtBytes before it reads Bytes:
        // at least one of the two sees the other's change.
        Interlocked.Exchange(ref _wakeAtBytes, bytes);
        return Bytes >= bytes && _frames.Reader.Count > 0 ? ValueTask.CompletedTask : _wakeups.WaitAsync(cancellationToken);
    }

    private Task? ReserveRoom(int length)
    {
        lock (_lock)
        {
            if (_bytes == 0 || _bytes + length <= maxBytes)
            {
                _bytes += length;
                return null;
            }

            _room ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            return _room.Task;
        }
    }

    private void ReleaseRoom(int length)
    {
        TaskCompletionSource? room;
        lock (_lock)
        {
            _bytes -= length;
            (room, _room) = (_room, null);
        }

        room?.SetResult();
    }
}
