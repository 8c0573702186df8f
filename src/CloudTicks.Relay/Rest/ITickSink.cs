using CloudTicks.Ticks;

namespace CloudTicks.Relay.Rest;

/// <summary>Builds a response from the ticks of one symbol and kind: rows of a page, or bars.</summary>
internal interface ITickSink
{
    /// <summary>Adds a tick; the sink may ignore it. The tick's spans are valid until this method returns.</summary>
    /// <param name="mayRepeat">Whether the same tick may be added again: the archive may contain it more than once.</param>
    public void Add(scoped in Tick tick, ulong identity, bool mayRepeat);

    /// <summary>Whether the response is complete: further ticks in the direction of reading would not change it.</summary>
    public bool IsFull { get; }
}
