using System.Buffers.Text;
using System.Globalization;

namespace CloudTicks.Ticks;

/// <summary>
/// An exact decimal for prices and sizes: <see cref="Mantissa"/> / 10^<see cref="Scale"/>. Trailing zeros after the decimal point are
/// removed, so that equal values have equal bits; integers have scale 0. It is parsed from the text of the feed, never via a double.
/// </summary>
public readonly struct Price : IEquatable<Price>, IComparable<Price>
{
    /// <summary>Maximum number of digits after the decimal point.</summary>
    public const int MaxScale = 38;

    /// <summary>
    /// The size of a buffer that fits the text of any price, in bytes. The longest text has a sign, a zero, a point and
    /// <see cref="MaxScale"/> digits.
    /// </summary>
    public const int MaxTextBytes = 64;

    private const int ExactDoubleScale = 22;
    private const long ExactDoubleMantissa = 1L << 53;

    private readonly byte _scale;

    /// <summary>The digits must have no trailing zeros after the decimal point.</summary>
    internal Price(long mantissa, int scale)
    {
        Mantissa = mantissa;
        _scale = (byte)scale;
    }

    /// <summary>The digits as one signed number.</summary>
    public long Mantissa { get; }

    /// <summary>Digits after the decimal point, 0 to <see cref="MaxScale"/>.</summary>
    public int Scale => _scale;

    /// <summary>Creates a price and removes trailing zeros.</summary>
    /// <param name="scale">Digits after the decimal point, 0 to <see cref="MaxScale"/>.</param>
    /// <exception cref="ArgumentOutOfRangeException">The scale is out of range.</exception>
    public static Price Create(long mantissa, int scale)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(scale);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(scale, MaxScale);
        while (scale > 0 && mantissa % 10 == 0)
        {
            mantissa /= 10;
            scale--;
        }

        return new Price(mantissa, scale);
    }

    /// <summary>Parses a JSON number (<c>1.0451</c>, <c>-3</c>, <c>4e-05</c>). The whole text must be the number.</summary>
    /// <param name="text">The number in UTF-8.</param>
    /// <returns>
    /// False when the text is not a JSON number, or when its mantissa exceeds 63 bits or its scale exceeds <see cref="MaxScale"/>: a price
    /// is never rounded.
    /// </returns>
    public static bool TryParse(ReadOnlySpan<byte> text, out Price price) => PriceText.TryParse(text, out price);

    /// <summary>The nearest double, the same as parsing the price's text as a double.</summary>
    public double ToDouble()
    {
        // Both operands are exact doubles, so the division rounds only once.
        if (Mantissa is >= -ExactDoubleMantissa and <= ExactDoubleMantissa && _scale <= ExactDoubleScale)
        {
            return Mantissa / ExactPowersOfTen[_scale];
        }

        Span<byte> text = stackalloc byte[MaxTextBytes];
        return double.Parse(text[..Format(text)], NumberStyles.Float, CultureInfo.InvariantCulture);
    }

    /// <summary>Writes the plain decimal text, without an exponent.</summary>
    /// <param name="destination">At least <see cref="MaxTextBytes"/> bytes.</param>
    /// <returns>The number of bytes written.</returns>
    public int Format(Span<byte> destination)
    {
        var position = 0;
        if (Mantissa < 0)
        {
            destination[position++] = (byte)'-';
        }

        Span<byte> digits = stackalloc byte[20];
        var magnitude = Mantissa < 0 ? (ulong)-(Mantissa + 1) + 1 : (ulong)Mantissa;
        Utf8Formatter.TryFormat(magnitude, digits, out var count);
        var whole = count - _scale;
        if (whole <= 0)
        {
            destination[position++] = (byte)'0';
            destination[position++] = (byte)'.';
            destination.Slice(position, -whole).Fill((byte)'0');
            position -= whole;
            digits[..count].CopyTo(destination[position..]);
            return position + count;
        }

        digits[..whole].CopyTo(destination[position..]);
        position += whole;
        if (_scale > 0)
        {
            destination[position++] = (byte)'.';
            digits[whole..count].CopyTo(destination[position..]);
            position += _scale;
        }

        return position;
    }

    /// <inheritdoc/>
    public int CompareTo(Price other)
    {
        if (_scale == other._scale)
        {
            return Mantissa.CompareTo(other.Mantissa);
        }

        return _scale > other._scale ? -CompareScaledUp(other, this) : CompareScaledUp(this, other);
    }

    /// <inheritdoc/>
    public bool Equals(Price other) => Mantissa == other.Mantissa && _scale == other._scale;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Price other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Mantissa, _scale);

    /// <summary>The plain decimal text, without an exponent.</summary>
    public override string ToString()
    {
        Span<byte> text = stackalloc byte[MaxTextBytes];
        return System.Text.Encoding.ASCII.GetString(text[..Format(text)]);
    }

    /// <summary>Whether two prices are the same.</summary>
    public static bool operator ==(Price left, Price right) => left.Equals(right);

    /// <summary>Whether two prices differ.</summary>
    public static bool operator !=(Price left, Price right) => !left.Equals(right);

    /// <summary>Whether the left price is lower.</summary>
    public static bool operator <(Price left, Price right) => left.CompareTo(right) < 0;

    /// <summary>Whether the left price is higher.</summary>
    public static bool operator >(Price left, Price right) => left.CompareTo(right) > 0;

    /// <summary>Whether the left price is not higher.</summary>
    public static bool operator <=(Price left, Price right) => left.CompareTo(right) <= 0;

    /// <summary>Whether the left price is not lower.</summary>
    public static bool operator >=(Price left, Price right) => left.CompareTo(right) >= 0;

    private static int CompareScaledUp(Price coarse, Price fine)
    {
        var difference = fine._scale - coarse._scale;
        // 10^19 exceeds every mantissa, so the price with the smaller scale has the larger magnitude, unless it is zero.
        if (difference > 19)
        {
            return coarse.Mantissa != 0 ? Math.Sign(coarse.Mantissa) : -Math.Sign(fine.Mantissa);
        }

        return ((Int128)coarse.Mantissa * PowersOfTen[difference]).CompareTo(fine.Mantissa);
    }

    private static readonly double[] ExactPowersOfTen =
    [
        1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
    ];

    internal static readonly ulong[] PowersOfTen =
    [
        1, 10, 100, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000, 10_000_000_000, 100_000_000_000,
        1_000_000_000_000, 10_000_000_000_000, 100_000_000_000_000, 1_000_000_000_000_000, 10_000_000_000_000_000,
        100_000_000_000_000_000, 1_000_000_000_000_000_000, 10_000_000_000_000_000_000,
    ];
}
