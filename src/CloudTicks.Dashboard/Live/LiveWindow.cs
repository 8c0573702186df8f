using System.Buffers;
using System.Globalization;
using System.Text;

namespace CloudTicks.Dashboard.Live;

/// <summary>The ticks not yet sent to a viewer: the newest 200, and the number of older ones that were omitted.</summary>
internal sealed class LiveWindow
{
    public const int MaxTicks = 200;

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _waitingTicks = new();
    private readonly ArrayBufferWriter<byte> _frame = new();
    private long _omitted;
    private TaskCompletionSource _tickArrived = NewSource();

    public Task TickArrived
    {
        get
        {
            lock (_gate)
            {
                return _tickArrived.Task;
            }
        }
    }

    public void Add(ReadOnlySpan<byte> json)
    {
        var tick = json.ToArray();
        // A line break would end the event. In JSON, line breaks are only whitespace: within strings they are escaped.
        tick.AsSpan().ReplaceAny(LineEnds, (byte)' ');
        lock (_gate)
        {
            if (_waitingTicks.Count == MaxTicks)
            {
                _waitingTicks.Dequeue();
                _omitted++;
            }

            _waitingTicks.Enqueue(tick);
            _tickArrived.TrySetResult();
        }
    }

    /// <summary>Writes a frame of the waiting ticks; the result is valid until the next call.</summary>
    public ReadOnlyMemory<byte> WriteFrame()
    {
        _frame.ResetWrittenCount();
        _frame.Write("{\"ticks\":["u8);
        lock (_gate)
        {
            for (var count = 0; _waitingTicks.TryDequeue(out var tick); count++)
            {
                _frame.Write(count > 0 ? ","u8 : []);
                _frame.Write(tick);
            }

            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"],\"left_out\":{_omitted}}}"), _frame);
            _omitted = 0;
            _tickArrived = NewSource();
        }

        return _frame.WrittenMemory;
    }

    private static SearchValues<byte> LineEnds { get; } = SearchValues.Create("\r\n"u8);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
