using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Ticks;

namespace CloudTicks.Benchmarks.Comparing.Feed;

/// <summary>Collects ticks into frames with varying numbers of ticks.</summary>
internal sealed class FrameListBuilder(Market market)
{
    private readonly FrameBuffer _frame = new();
    private readonly byte[] _event = new byte[EventJson.MaxBytes];
    private readonly List<byte[]> _frames = [];
    private int _eventsInFrame;

    public int Ticks { get; private set; }

    public void Add(scoped in Tick tick)
    {
        _frame.Append(_event.AsSpan(0, EventJson.Write(tick, _event)));
        Ticks++;
        if (++_eventsInFrame == TickFrames.ArrayLengths[_frames.Count % TickFrames.ArrayLengths.Length])
        {
            Close();
        }
    }

    public TickFrames Build()
    {
        if (_eventsInFrame > 0)
        {
            Close();
        }

        return new TickFrames(market, _frames, Ticks);
    }

    private void Close()
    {
        _frames.Add(_frame.Close().ToArray());
        _frame.Clear();
        _eventsInFrame = 0;
    }
}
