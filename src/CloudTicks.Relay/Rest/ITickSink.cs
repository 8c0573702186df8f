using CloudTicks.Ticks;

namespace CloudTicks.Relay.Rest;

/// <summary>Gathers an answer from the ticks of one symbol and kind: rows of a page, or bars.</summary>
internal interface ITickSink
{
    /// <summary>Takes a tick, of use or not. Its spans are valid until this returns.</summary>
    /// <param name="mayRepeat">Whether the same tick may be handed over again: the archive may hold one more than once.</param>
    public void Add(scoped in Tick tick, ulong identity, bool mayRepeat);

    /// <summary>Whether ticks behind those that it has, in the direction of the reading, change nothing any more.</summary>
    public bool IsFull { get; }
}
