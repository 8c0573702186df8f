using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>
/// Converts prices to DECIMAL(38,18) and back. Every price with up to 18 decimals fits, however large, because its mantissa has at most 19
/// digits. A price with more decimals is rounded, and its exact text is stored in the column <c>exact_text</c>.
/// </summary>
internal static class ExactPrice
{
    public const int Scale = 18;

    private const int MantissaDigits = 19;

    private static readonly Int128[] Powers = [.. Enumerable.Range(0, Scale + 2).Select(Power)];

    /// <summary>Converts a price to the decimal's unscaled integer.</summary>
    /// <returns>False if the value was rounded (midpoints away from zero).</returns>
    public static bool TryConvert(Price price, out Int128 value)
    {
        var missingDigits = Scale - price.Scale;
        if (missingDigits >= 0)
        {
            value = price.Mantissa * Powers[missingDigits];
            return true;
        }

        if (-missingDigits > MantissaDigits)
        {
            value = 0;
            return false;
        }

        var divisor = Powers[-missingDigits];
        var half = price.Mantissa < 0 ? -divisor / 2 : divisor / 2;
        value = (price.Mantissa + half) / divisor;
        return false;
    }

    /// <summary>Converts a decimal's unscaled integer to a price.</summary>
    /// <exception cref="OverflowException">The decimal has more digits than a price can have.</exception>
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
