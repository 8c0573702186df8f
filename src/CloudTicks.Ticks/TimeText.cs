using System.Globalization;

namespace CloudTicks.Ticks;

/// <summary>Parses times: Unix milliseconds or ISO 8601.</summary>
public static class TimeText
{
    /// <summary>The message for a text that is not a time.</summary>
    public const string Hint = "It is not a time: use Unix milliseconds, or ISO 8601 such as 2025-01-27T16:00:00Z.";

    private static readonly string[] Formats =
        ["yyyy-MM-dd", "yyyy-MM-ddTHH:mmK", "yyyy-MM-ddTHH:mm:ssK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK"];

    /// <summary>Parses the time of a query string, where an unescaped plus sign arrives as a space. UTC is the default offset.</summary>
    public static bool TryParseUnescaped(string text, out long unixMs) => TryParse(text.Replace(' ', '+'), out unixMs);

    /// <summary>Parses a time. UTC is the default offset.</summary>
    /// <param name="unixMs">The time in Unix ms, UTC, rounded up to whole ms.</param>
    public static bool TryParse(string? text, out long unixMs)
    {
        if (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out unixMs))
        {
            return true;
        }

        var isTime = DateTimeOffset.TryParseExact(
            text, Formats, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var time);
        unixMs = isTime ? (long)Math.Ceiling((time - DateTimeOffset.UnixEpoch).Ticks / (double)TimeSpan.TicksPerMillisecond) : 0;
        return isTime;
    }
}
