using System.Globalization;

namespace CloudTicks.Timescale.Queries;

/// <summary>
/// The position of a tick among the ticks of its symbol. A cursor identifies the tick itself, so that concurrent writes do not shift pages:
/// the ticks after a cursor are those at later positions, no matter when they were written.
/// </summary>
/// <param name="TimestampMs">The tick's time, Unix ms, UTC.</param>
/// <param name="Sequence">The tick's sequence number; 0 if there is none.</param>
public readonly record struct TickCursor(long TimestampMs, long Sequence, ulong Identity)
{
    /// <summary>The message for a text that is not a cursor.</summary>
    public const string Hint =
        "It is not a cursor: use the cursor of the previous response, or the timestamp_ms, sequence (0 without one) and id of a tick, "
        + "separated by dots.";

    /// <summary>Parses the text of <see cref="ToString"/>.</summary>
    public static bool TryParse(string? text, out TickCursor cursor)
    {
        cursor = default;
        if (text?.Split('.') is not [var time, var number, { Length: 16 } id]
            || !long.TryParse(time, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var ms)
            || !long.TryParse(number, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var sequence)
            || !ulong.TryParse(id, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var identity))
        {
            return false;
        }

        cursor = new TickCursor(ms, sequence, identity);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{TimestampMs}.{Sequence}.{Identity:x16}");
}
