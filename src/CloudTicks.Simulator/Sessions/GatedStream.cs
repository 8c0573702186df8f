using CloudTicks.Polygon.Serving.Sessions;

namespace CloudTicks.Simulator.Sessions;

/// <summary>Wraps the stream of a connection. While the gate is closed no read completes, so pings are not answered.</summary>
internal sealed class GatedStream(Stream inner) : WrappedStream(inner)
{
    private static readonly TaskCompletionSource OpenGate = NewOpenGate();

    private TaskCompletionSource _gate = OpenGate;

    public bool IsShut
    {
        get => !Volatile.Read(ref _gate).Task.IsCompleted;
        set
        {
            if (value == IsShut)
                return;
            Interlocked.Exchange(ref _gate, value ? new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously) : OpenGate)
                .TrySetResult();
        }
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await base.ReadAsync(buffer, cancellationToken);
        // A read that finishes while the gate is closed returns its bytes when the gate opens.
        await Volatile.Read(ref _gate).Task.WaitAsync(cancellationToken);
        return read;
    }

    /// <summary>Writes the header of a message, and at most half of the payload that it announces.</summary>
    public async Task WriteHalfAsync(ReadOnlyMemory<byte> frame, CancellationToken cancellationToken)
    {
        // RFC 6455: a final text frame with a 16-bit length.
        byte[] head = [0x81, 126, 0xFF, 0xFF];
        await WriteAsync(head, cancellationToken);
        await WriteAsync(frame[..Math.Min(frame.Length / 2, ushort.MaxValue / 2)], cancellationToken);
        await FlushAsync(cancellationToken);
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            IsShut = false;
        base.Dispose(disposing);
    }

    private static TaskCompletionSource NewOpenGate()
    {
        var gate = new TaskCompletionSource();
        gate.SetResult();
        return gate;
    }
}
