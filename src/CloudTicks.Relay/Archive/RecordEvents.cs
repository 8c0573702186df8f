using System.Runtime.InteropServices;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// The events of one record by channel, in stretches: trades and quotes of a symbol that alternate are handed over in the archive's order,
/// while a channel of its own has one stretch, whatever other symbols the record holds.
/// </summary>
internal sealed class RecordEvents
{
    private readonly List<Stretch> _stretches = [];

    public void Add(LiveChannel channel, scoped in Tick tick)
    {
        if (channel.Stretch < 0)
        {
            channel.Stretch = _stretches.Count;
            _stretches.Add(new Stretch { Channel = channel, Start = channel.Run.Length });
            if (channel.OtherKind is { } other)
            {
                // What follows of the other kind comes behind this tick.
                other.Stretch = -1;
            }
        }

        channel.Run.Add(tick);
        ref var stretch = ref CollectionsMarshal.AsSpan(_stretches)[channel.Stretch];
        stretch.End = channel.Run.Length;
        stretch.Count++;
    }

    /// <summary>Hands all over to the subscribers of their channels.</summary>
    public void HandOver()
    {
        foreach (var stretch in _stretches)
        {
            var events = stretch.Channel.Run.Events.Span[stretch.Start..stretch.End];
            // A later stretch begins with the comma that joins it to the one before.
            stretch.Channel.HandOver(stretch.Start == 0 ? events : events[1..], stretch.Count);
        }

        Clear();
    }

    /// <summary>Gives all up.</summary>
    public void Clear()
    {
        foreach (var stretch in _stretches)
        {
            stretch.Channel.Stretch = -1;
            stretch.Channel.Run.Clear();
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
