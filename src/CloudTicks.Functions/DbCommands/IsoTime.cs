namespace CloudTicks.Functions.DbCommands;

/// <summary>
/// Parses ISO 8601 times, with or without a zone: <c>2025-01-27T16:00:00Z</c>, <c>...00.123Z</c>, <c>...00.123456+01:00</c>.
/// </summary>
internal static class IsoTime
{
    private const int SecondsLength = 19;
    private const int MaxFractionDigits = 9;
    private const int MinutesPerDay = 24 * 60;

    /// <summary>The maximum length of a time.</summary>
    public const int MaxLength = 40;

    /// <param name="milliseconds">Unix ms, UTC; fractions are truncated.</param>
    /// <param name="hasZone">Whether the text has a zone; without one the time is UTC.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out long milliseconds, out bool hasZone)
    {
        (milliseconds, hasZone) = (0, false);
        if (text.Length < SecondsLength || text[4] != '-' || text[7] != '-' || text[10] is not ('T' or 't') || text[13] != ':'
            || text[16] != ':'
            || !TryNumber(text[..4], out var year) || !TryNumber(text[5..7], out var month) || !TryNumber(text[8..10], out var day)
            || !TryNumber(text[11..13], out var hour) || !TryNumber(text[14..16], out var minute)
            || !TryNumber(text[17..19], out var second)
            || year == 0 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hour > 23 || minute > 59
            || second > 59
            || !TryFraction(text[SecondsLength..], out var fractionMs, out var zone)
            || !TryZone(zone.IsEmpty ? "Z" : zone, out var offsetMinutes))
        {
            return false;
        }

        var local = new DateTime(year, month, day, hour, minute, second, DateTimeKind.Utc) - DateTime.UnixEpoch;
        (milliseconds, hasZone) = ((long)local.TotalMilliseconds + fractionMs - (offsetMinutes * 60_000L), !zone.IsEmpty);
        return true;
    }

    private static bool TryFraction(ReadOnlySpan<char> text, out int milliseconds, out ReadOnlySpan<char> rest)
    {
        milliseconds = 0;
        rest = text;
        if (text.IsEmpty || text[0] is not ('.' or ','))
        {
            return true;
        }

        var digits = 0;
        for (rest = text[1..]; !rest.IsEmpty && char.IsAsciiDigit(rest[0]); rest = rest[1..])
        {
            if (++digits <= 3)
            {
                milliseconds = (milliseconds * 10) + (rest[0] - '0');
            }
        }

        for (var digitCount = digits; digitCount < 3; digitCount++)
        {
            milliseconds *= 10;
        }

        return digits is > 0 and <= MaxFractionDigits;
    }

    private static bool TryZone(ReadOnlySpan<char> zone, out int minutes)
    {
        minutes = 0;
        if (zone is "Z" or "z")
        {
            return true;
        }

        if (zone.Length is not (5 or 6) || zone[0] is not ('+' or '-') || (zone.Length == 6 && zone[3] != ':')
            || !TryNumber(zone[1..3], out var hours) || !TryNumber(zone[^2..], out minutes) || minutes > 59)
        {
            return false;
        }

        minutes = (zone[0] == '-' ? -1 : 1) * ((hours * 60) + minutes);
        return Math.Abs(minutes) < MinutesPerDay;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out int number)
    {
        number = 0;
        foreach (var digit in digits)
        {
            if (!char.IsAsciiDigit(digit))
            {
                return false;
            }

            number = (number * 10) + (digit - '0');
        }

        return true;
    }
}
