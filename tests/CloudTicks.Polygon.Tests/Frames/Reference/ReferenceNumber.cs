using System.Globalization;
using System.Numerics;

namespace CloudTicks.Polygon.Tests.Frames.Reference;

/// <summary>
/// An exact JSON number, parsed with big integers. Its value is the digits, without trailing zeros, times a power of ten.
/// </summary>
internal readonly record struct ReferenceNumber(BigInteger Digits, int Exponent)
{
    private const int MaxScale = 38;

    /// <summary>The value in the plain decimal form of a price; null when it does not fit into 63 bits and 38 decimals.</summary>
    public string? Text
    {
        get
        {
            if (Digits.IsZero)
            {
                return "0";
            }

            if (Exponent is < -MaxScale or > 19)
            {
                return null;
            }

            var mantissa = Digits * BigInteger.Pow(10, Math.Max(Exponent, 0));
            if (BigInteger.Abs(mantissa) > long.MaxValue)
            {
                return null;
            }

            var digits = BigInteger.Abs(mantissa).ToString(CultureInfo.InvariantCulture);
            var scale = Math.Max(-Exponent, 0);
            digits = digits.PadLeft(scale + 1, '0');
            return (mantissa.Sign < 0 ? "-" : "") + digits[..^scale] + (scale > 0 ? "." + digits[^scale..] : "");
        }
    }

    /// <summary>The value if it is whole and fits into 63 bits; otherwise null.</summary>
    public long? Integer => Exponent >= 0 && Text is { } text ? long.Parse(text, CultureInfo.InvariantCulture) : null;

    /// <summary>Parses a text by the number grammar of RFC 8259; null when it does not match.</summary>
    public static ReferenceNumber? Parse(string text)
    {
        var position = text.StartsWith('-') ? 1 : 0;
        var whole = ReadDigits(text, ref position);
        var fraction = "";
        if (whole.Length == 0 || (whole.Length > 1 && whole[0] == '0'))
        {
            return null;
        }

        if (position < text.Length && text[position] == '.')
        {
            position++;
            fraction = ReadDigits(text, ref position);
            if (fraction.Length == 0)
            {
                return null;
            }
        }

        var exponent = BigInteger.Zero;
        if (position < text.Length && text[position] is 'e' or 'E')
        {
            position++;
            var isNegative = position < text.Length && text[position] == '-';
            position += position < text.Length && text[position] is '-' or '+' ? 1 : 0;
            var digits = ReadDigits(text, ref position);
            if (digits.Length == 0)
            {
                return null;
            }

            exponent = BigInteger.Parse(digits, CultureInfo.InvariantCulture) * (isNegative ? -1 : 1);
        }

        return position == text.Length ? Of(text[0] == '-', whole + fraction, exponent - fraction.Length) : null;
    }

    private static ReferenceNumber Of(bool isNegative, string digits, BigInteger exponent)
    {
        var cut = digits.TrimEnd('0');
        exponent += digits.Length - cut.Length;
        var value = cut.Length == 0 ? BigInteger.Zero : BigInteger.Parse(cut, CultureInfo.InvariantCulture);
        return value.IsZero
            ? default
            : new ReferenceNumber(isNegative ? -value : value, (int)BigInteger.Max(-1_000_000, BigInteger.Min(exponent, 1_000_000)));
    }

    private static string ReadDigits(string text, ref int position)
    {
        var start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        return text[start..position];
    }
}
