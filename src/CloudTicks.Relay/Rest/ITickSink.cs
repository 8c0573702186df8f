using CloudTicks.Ticks;

namespace CloudTicks.Relay.Rest;

/// <summary>Collects a response from the ticks of one symbol and kind: rows of a page, or bars.</summary>
internal interface ITickSink
{
    /// <summary>Adds a tick, which may turn out irrelevant. Its spans are valid until this returns.</summary>
    /// <param name="mayRepeat">Whether the same tick may be added again: the archive may contain it more than once.</param>
    public void Add(scoped in Tick tick, ulong identity, bool mayRepeat);

    /// <summary>Whether further ticks, in the direction of reading, cannot change the response.</summary>
    public bool IsFull { get; }
}
