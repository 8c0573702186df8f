using System.Globalization;
using System.Text;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Importing;

/// <summary>Parses times: Unix times of any unit, ISO 8601, or the configured format. Fractions of a ms are truncated.</summary>
internal sealed class ImportTimes(ImportSettings settings)
{
    private const int MaxFractionDigits = 7;
    private const int MaxDigits = 37; // of an Int128
    private const int MaxChars = 64;
    private const long MinMs = -62_135_596_800_000;
    private const long MaxMs = 253_402_300_799_999;

    private static readonly string[] Formats =
    [
        "yyyy-MM-dd HH:mm:ss.FFFFFFFK", "yyyy-MM-ddTHH:mm:ss.FFFFFFFK", "yyyy-MM-dd HH:mmK", "yyyy-MM-ddTHH:mmK",
        "yyyyMMdd HHmmssfff", "yyyyMMdd HH:mm:ss.FFFFFFF",
    ];

    private readonly string[] _formats = settings.TimeFormat is { } form ? [form] : Formats;
    private readonly int _digitsBelowMs = settings.TimeUnit switch { "s" => -3, "us" => 3, "ns" => 6, _ => 0 };

    /// <summary>Parses a time.</summary>
    /// <param name="unixMs">Unix ms, UTC.</param>
    /// <returns>False if the text is not a valid time.</returns>
    public bool TryRead(ReadOnlySpan<byte> text, out long unixMs)
    {
        unixMs = 0;
        if (settings.TimeFormat is null && Price.TryParse(text, out var number))
        {
            return TryReadNumber(number, out unixMs);
        }

        if (text.Length > MaxChars || !Ascii.IsValid(text))
        {
            return false;
        }

        Span<char> chars = stackalloc char[MaxChars];
        var length = TruncateFraction(chars[..Encoding.ASCII.GetChars(text, chars)]);
        return TryReadText(chars[..length], out unixMs);
    }

    private bool TryReadNumber(Price number, out long unixMs)
    {
        var below = _digitsBelowMs;
        if (settings.TimeUnit is null)
        {
            // Choose the unit by the magnitude of the whole part, so that the result is a recent date.
            var whole = (long)(number.Mantissa / Power(number.Scale));
            below = EventTime.ToMilliseconds(whole) switch
            {
                var ms when ms == whole => 0,
                var ms when ms == whole / 1_000 => 3,
                var ms when ms == whole / 1_000_000 => 6,
                _ => -3,
            };
        }

        var digits = number.Scale + below;
        var value = digits > MaxDigits ? 0 : digits >= 0 ? FloorDivide(number.Mantissa, Power(digits)) : number.Mantissa * Power(-digits);
        var isTime = value >= MinMs && value <= MaxMs;
        unixMs = isTime ? (long)value : 0;
        return isTime;
    }

    private bool TryReadText(ReadOnlySpan<char> text, out long unixMs)
    {
        unixMs = 0;
        if (!DateTime.TryParseExact(
            text, _formats, CultureInfo.InvariantCulture, DateTimeStyles.RoundtripKind, out var time))
        {
            return false;
        }

        if (time.Kind == DateTimeKind.Unspecified)
        {
            if (settings.TimeZone.IsInvalidTime(time))
            {
                return false;
            }

            time = TimeZoneInfo.ConvertTimeToUtc(time, settings.TimeZone);
        }

        unixMs = (time.ToUniversalTime().Ticks - DateTime.UnixEpoch.Ticks) / TimeSpan.TicksPerMillisecond;
        return true;
    }

    /// <summary>Truncates fractional seconds to the precision of DateTime (100 ns).</summary>
    private static int TruncateFraction(Span<char> text)
    {
        var point = text.LastIndexOf('.');
        if (point < 0)
        {
            return text.Length;
        }

        var end = point + 1;
        while (end < text.Length && char.IsAsciiDigit(text[end]))
        {
            end++;
        }

        var kept = Math.Min(end, point + 1 + MaxFractionDigits);
        text[end..].CopyTo(text[kept..]);
        return text.Length - (end - kept);
    }

    private static Int128 FloorDivide(Int128 value, Int128 divisor)
    {
        var (quotient, rest) = Int128.DivRem(value, divisor);
        return rest < 0 ? quotient - 1 : quotient;
    }

    private static Int128 Power(int digits)
    {
        Int128 power = 1;
        for (; digits > 0; digits--)
        {
            power *= 10;
        }

        return power;
    }
}
