using System.Globalization;

namespace CloudTicks.Timescale.Queries;

/// <summary>
/// The place of a tick among those of its symbol. It names the tick itself, so that ticks that are written meanwhile shift nothing: what
/// comes behind a cursor is what has a later place, whenever it was written.
/// </summary>
/// <param name="TimestampMs">The tick's time, Unix ms, UTC.</param>
/// <param name="Sequence">Its sequence number; 0 when it has none.</param>
public readonly record struct TickCursor(long TimestampMs, long Sequence, ulong Identity)
{
    /// <summary>What to say when a text is no cursor.</summary>
    public const string Hint =
        "It is no cursor: take it from the answer before, or write timestamp_ms, sequence (0 without one) and id of a tick with dots in "
            + "between.";

    /// <summary>Reads what <see cref="ToString"/> wrote.</summary>
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
