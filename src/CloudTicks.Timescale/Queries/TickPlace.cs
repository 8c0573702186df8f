namespace CloudTicks.Timescale.Queries;

/// <summary>
/// The place of a tick among those of its symbol and kind: by its time, the feed's sequence number, and when it was received. Ticks of one
/// millisecond that arrive later have a later place, so that a reader that goes forward meets them; currencies have many in a millisecond,
/// and no sequence number.
/// </summary>
/// <param name="TimestampMs">The tick's time, Unix ms, UTC.</param>
/// <param name="Sequence">Its sequence number; 0 when it has none.</param>
/// <param name="ReceivedMs">When the collector read it, Unix ms, UTC.</param>
/// <param name="Identity">Its identity: no two ticks share a place.</param>
public readonly record struct TickPlace(long TimestampMs, long Sequence, long ReceivedMs, ulong Identity)
{
    /// <summary>Compares in the order of <see cref="PlacedTicks"/>, where the identity is a signed number.</summary>
    public int CompareTo(TickPlace other) =>
        (TimestampMs, Sequence, ReceivedMs, (long)Identity).CompareTo(
            (other.TimestampMs, other.Sequence, other.ReceivedMs, (long)other.Identity));
}
