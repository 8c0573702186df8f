using System.Threading.Channels;
using CloudTicks.Foundations;

namespace CloudTicks.Polygon.Sessions;

/// <summary>
/// Between the sockets, which must be read at once (a slow reader's session is killed), and the one loop that decodes. It is bounded by
/// bytes and by frames; when it is full the sockets are no longer read, the server's buffers fill, and the feed lags until there is room.
/// </summary>
/// <param name="maxBytes">Most bytes of frames that wait; a larger frame goes alone.</param>
public sealed class FrameQueue(long maxBytes = FrameQueue.DefaultMaxBytes)
{
    /// <summary>64 MiB: half a minute of a busy feed.</summary>
    public const long DefaultMaxBytes = 64 << 20;

    private const int MaxFrames = 65_536;

    private readonly Lock _lock = new();
    private readonly Channel<ReceivedFrame> _frames = Channel.CreateBounded<ReceivedFrame>(
        new BoundedChannelOptions(MaxFrames) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
    private readonly WakeSignal _wakeups = new();
    private long _bytes;
    private long _wakeAt = 1;
    private TaskCompletionSource? _room;

    /// <summary>Most bytes that wait.</summary>
    public long MaxBytes => maxBytes;

    /// <summary>Bytes that wait.</summary>
    public long Bytes => Interlocked.Read(ref _bytes);

    /// <summary>Puts a frame at the end, when there is room for it.</summary>
    /// <param name="frame">The frame; the queue has it from here on.</param>
    /// <param name="cancellationToken">Ends the wait; the frame then stays the caller's.</param>
    public async ValueTask WriteAsync(ReceivedFrame frame, CancellationToken cancellationToken)
    {
        while (TakeRoom(frame.Length) is { } full)
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

        if (Bytes >= Interlocked.Read(ref _wakeAt))
        {
            Wake();
        }
    }

    /// <summary>Takes the first frame.</summary>
    public bool TryRead(out ReceivedFrame frame)
    {
        if (!_frames.Reader.TryRead(out frame))
        {
            return false;
        }

        ReleaseRoom(frame.Length);
        return true;
    }

    /// <summary>Lets the reader's wait complete for a reason other than a frame.</summary>
    public void Wake() => _wakeups.Set();

    /// <summary>Completes when there is, or lately was, something to do: a frame, or a call of <see cref="Wake"/>.</summary>
    public ValueTask WaitAsync(CancellationToken cancellationToken) => WaitAsync(1, cancellationToken);

    /// <summary>Completes when there are, or lately were, as many bytes of frames, or at a call of <see cref="Wake"/>.</summary>
    /// <param name="bytes">1 for any frame; more where the caller is woken in time by <see cref="Wake"/>, and frames may gather.</param>
    /// <param name="cancellationToken">Ends the wait.</param>
    public ValueTask WaitAsync(long bytes, CancellationToken cancellationToken)
    {
        // A writer adds its bytes before it looks here, and the bytes are looked at after this: one of the two sees the other.
        Interlocked.Exchange(ref _wakeAt, bytes);
        return Bytes >= bytes && _frames.Reader.Count > 0 ? ValueTask.CompletedTask : _wakeups.WaitAsync(cancellationToken);
    }

    private Task? TakeRoom(int length)
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
