using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>
/// A price as DECIMAL(38,18) and back. Every price of up to 18 decimals fits, however large: its mantissa has 19 digits at most. One of
/// more decimals is rounded there, and its exact text is in the column <c>exact_text</c>.
/// </summary>
internal static class ExactPrice
{
    public const int Scale = 18;

    private const int MantissaDigits = 19;

    private static readonly Int128[] Powers = [.. Enumerable.Range(0, Scale + 2).Select(Power)];

    /// <summary>The decimal's integer.</summary>
    /// <returns>False when it was rounded, away from zero at the half.</returns>
    public static bool TryConvert(Price price, out Int128 value)
    {
        var missing = Scale - price.Scale;
        if (missing >= 0)
        {
            value = price.Mantissa * Powers[missing];
            return true;
        }

        if (-missing > MantissaDigits)
        {
            value = 0;
            return false;
        }

        var divisor = Powers[-missing];
        var half = price.Mantissa < 0 ? -divisor / 2 : divisor / 2;
        value = (price.Mantissa + half) / divisor;
        return false;
    }

    /// <summary>The price of a decimal's integer.</summary>
    /// <exception cref="OverflowException">It has more digits than a price.</exception>
    public static Price From(Int128 value)
    {
        if (value >= long.MinValue && value <= long.MaxValue)
        {
            return Price.Create((long)value, Scale);
        }

        var scale = Scale;
        foreach (var step in (ReadOnlySpan<int>)[9, 3, 1])
        {
            while (scale >= step && value % Powers[step] == 0)
            {
                value /= Powers[step];
                scale -= step;
            }
        }

        return Price.Create(checked((long)value), scale);
    }

    private static Int128 Power(int exponent)
    {
        Int128 power = 1;
        for (; exponent > 0; exponent--)
        {
            power *= 10;
        }

        return power;
    }
}
