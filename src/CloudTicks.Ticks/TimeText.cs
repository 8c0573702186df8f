using System.Globalization;

namespace CloudTicks.Ticks;

/// <summary>Times as people and programs write them: Unix milliseconds, or ISO 8601.</summary>
public static class TimeText
{
    /// <summary>What to say when a text is no time.</summary>
    public const string Hint = "It is no time: write Unix milliseconds, or ISO 8601 as 2025-01-27T16:00:00Z.";

    private static readonly string[] IsoForms =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    /// <summary>Reads a query's time, whose unescaped plus sign arrives as a blank; without an offset it is UTC.</summary>
    public static bool TryParseUnescaped(string text, out long unixMs) => TryParse(text.Replace(' ', '+'), out unixMs);

    /// <summary>Reads a time; without an offset it is UTC.</summary>
    /// <param name="unixMs">The time in Unix ms, UTC, rounded up: no tick has a fraction.</param>
    public static bool TryParse(string? text, out long unixMs)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out unixMs))
        {
            return true;
        }

        var isTime = DateTimeOffset.TryParseExact(
            text, IsoForms, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time);
        unixMs = isTime ? (long)Math.Ceiling((time - DateTimeOffset.UnixEpoch).Ticks / (double)TimeSpan.TicksPerMillisecond) : 0;
        return isTime;
    }
}
