using System.Buffers;
using System.Globalization;
using System.Text;

namespace CloudTicks.Dashboard.Live;

/// <summary>The ticks that one viewer has not been sent yet: the newest 200; how many were left out for them is told.</summary>
internal sealed class LiveWindow
{
    public const int MostTicks = 200;

    private readonly Lock _gate = new();
    private readonly Queue<byte[]> _waiting = new();
    private readonly ArrayBufferWriter<byte> _frame = new();
    private long _leftOut;
    private TaskCompletionSource _came = NewSource();

    public Task Came
    {
        get
        {
            lock (_gate)
            {
                return _came.Task;
            }
        }
    }

    public void Take(ReadOnlySpan<byte> json)
    {
        var tick = json.ToArray();
        // Lines end an event of the stream; inside of JSON's texts there are none.
        tick.AsSpan().ReplaceAny(LineEnds, (byte)' ');
        lock (_gate)
        {
            if (_waiting.Count == MostTicks)
            {
                _waiting.Dequeue();
                _leftOut++;
            }

            _waiting.Enqueue(tick);
            _came.TrySetResult();
        }
    }

    /// <summary>Makes a frame of what waits; it is valid until the next.</summary>
    public ReadOnlyMemory<byte> Draw()
    {
        _frame.ResetWrittenCount();
        _frame.Write("{\"ticks\":["u8);
        lock (_gate)
        {
            for (var count = 0; _waiting.TryDequeue(out var tick); count++)
            {
                _frame.Write(count > 0 ? ","u8 : []);
                _frame.Write(tick);
            }

            Encoding.UTF8.GetBytes(string.Create(CultureInfo.InvariantCulture, $"],\"left_out\":{_leftOut}}}"), _frame);
            _leftOut = 0;
            _came = NewSource();
        }

        return _frame.WrittenMemory;
    }

    private static SearchValues<byte> LineEnds { get; } = SearchValues.Create("\r\n"u8);

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
