namespace CloudTicks.Simulator.Sessions;

/// <summary>The bytes of a connection, of which nothing is read any more while the gate is shut: pings stay unanswered then.</summary>
internal sealed class GatedStream(Stream inner) : Stream
{
    private static readonly TaskCompletionSource Open = MakeOpen();

    private TaskCompletionSource _gate = Open;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public bool IsShut
    {
        get => !Volatile.Read(ref _gate).Task.IsCompleted;
        set
        {
            if (value == IsShut)
                return;
            Interlocked.Exchange(ref _gate, value ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : Open)
                .TrySetResult();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await inner.ReadAsync(buffer, cancellationToken);
        // What came while the gate was shut is read when it opens.
        await Volatile.Read(ref _gate).Task.WaitAsync(cancellationToken);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        inner.WriteAsync(buffer, cancellationToken);

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        inner.WriteAsync(buffer, offset, count, cancellationToken);

    public override Task FlushAsync(CancellationToken cancellationToken) => inner.FlushAsync(cancellationToken);

    /// <summary>Announces a message and writes half of it.</summary>
    public async Task WriteHalfAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        // RFC 6455: the last frame of a text, its length in two bytes.
        byte[] head = [0x81, 126, 0xFF, 0xFF];
        await WriteAsync(head, cancellationToken);
        await WriteAsync(frame[..Math.Min(frame.Length / 2, ushort.MaxValue / 2)], cancellationToken);
        await FlushAsync(cancellationToken);
    }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            IsShut = false;
            inner.Dispose();
        }

        base.Dispose(disposing);
    }

    private static TaskCompletionSource MakeOpen()
    {
        var open = new TaskCompletionSource();
        open.SetResult();
        return open;
    }
}
