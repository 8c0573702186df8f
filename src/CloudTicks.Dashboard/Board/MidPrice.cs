using CloudTicks.Ticks;

namespace CloudTicks.Dashboard.Board;

/// <summary>Computes the mid price of bid and ask, without rounding.</summary>
internal static class MidPrice
{
    /// <summary>Computes the price of a quote: the mid price, or the only side. A side that is not positive counts as missing.</summary>
    public static bool TryOf(Price bid, Price ask, out Price price)
    {
        price = bid.Mantissa > 0 && ask.Mantissa > 0 ? Of(bid, ask) : bid.Mantissa > 0 ? bid : ask;
        return price.Mantissa > 0;
    }

    /// <summary>Returns the mid price, or the bid when the mid price has too many digits.</summary>
    public static Price Of(Price bid, Price ask)
    {
        var scale = Math.Max(bid.Scale, ask.Scale) + 1;
        if (scale > Price.MaxScale || Scaled(bid, scale) is not { } left || Scaled(ask, scale) is not { } right)
        {
            return bid;
        }

        // Both prices are multiples of ten here, so the division is exact.
        var middle = (left + right) / 2;
        return middle >= long.MinValue && middle <= long.MaxValue ? Price.Create((long)middle, scale) : bid;
    }

    private static Int128? Scaled(Price price, int scale)
    {
        Int128 value = price.Mantissa;
        for (var digits = price.Scale; digits < scale; digits++)
        {
            value *= 10;
            if (Int128.Abs(value) > (Int128)long.MaxValue * 10)
            {
                return null;
            }
        }

        return value;
    }
}
