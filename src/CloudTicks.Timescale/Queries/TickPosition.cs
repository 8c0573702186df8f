namespace CloudTicks.Timescale.Queries;

/// <summary>
/// The position of a tick among the ticks of its symbol and kind: by time, the feed's sequence number and receipt time. Ticks of one
/// millisecond without sequence numbers are ordered by receipt, so that a forward reader also finds ticks that arrive later. Currencies
/// have many ticks per millisecond and no sequence numbers.
/// </summary>
/// <param name="TimestampMs">The tick's time, Unix ms, UTC.</param>
/// <param name="Sequence">Its sequence number; 0 if there is none.</param>
/// <param name="ReceivedMs">When the collector received it, Unix ms, UTC.</param>
/// <param name="Identity">Its identity, so that no two ticks share a position.</param>
public readonly record struct TickPosition(long TimestampMs, long Sequence, long ReceivedMs, ulong Identity)
{
    /// <summary>Compares in the order of <see cref="OrderedTicks"/>, where the identity is a signed number.</summary>
    public int CompareTo(TickPosition other) =>
        (TimestampMs, Sequence, ReceivedMs, (long)Identity).CompareTo(
            (other.TimestampMs, other.Sequence, other.ReceivedMs, (long)other.Identity));
}
