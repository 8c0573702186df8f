using System.Runtime.InteropServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// The events of one record, grouped into stretches of consecutive events of a channel. If trades and quotes of a symbol alternate, a
/// channel has several stretches, so that the events are delivered in the archive's order; otherwise the channel has one stretch.
/// </summary>
internal sealed class RecordEvents
{
    private readonly List<Stretch> _stretches = [];

    public void Add(LiveChannel channel, scoped in Tick tick)
    {
        if (channel.Stretch < 0)
        {
            channel.Stretch = _stretches.Count;
            _stretches.Add(new Stretch { Channel = channel, Start = channel.PendingEvents.Length });
            if (channel.OtherKind is { } other)
            {
                // The next event of the other kind begins a new stretch, which is delivered after this tick.
                other.Stretch = -1;
            }
        }

        channel.PendingEvents.Add(tick);
        ref var stretch = ref CollectionsMarshal.AsSpan(_stretches)[channel.Stretch];
        stretch.End = channel.PendingEvents.Length;
        stretch.Count++;
    }

    /// <summary>Delivers all events to their channels' subscribers.</summary>
    public void Deliver()
    {
        foreach (var stretch in _stretches)
        {
            var events = stretch.Channel.PendingEvents.Events.Span[stretch.Start..stretch.End];
            // Every stretch except the channel's first begins with a comma, which is not sent.
            stretch.Channel.Deliver(stretch.Start == 0 ? events : events[1..], stretch.Count);
        }

        Clear();
    }

    /// <summary>Discards all events.</summary>
    public void Clear()
    {
        foreach (var stretch in _stretches)
        {
            stretch.Channel.Stretch = -1;
            stretch.Channel.PendingEvents.Clear();
        }

        _stretches.Clear();
    }

    private struct Stretch
    {
        public required LiveChannel Channel { get; init; }

        public required int Start { get; init; }

        public int End { get; set; }

        public int Count { get; set; }
    }
}
