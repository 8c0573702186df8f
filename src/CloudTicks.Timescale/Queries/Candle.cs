using System.Globalization;

namespace CloudTicks.Timescale.Queries;

/// <summary>The prices of a symbol in an interval.</summary>
/// <param name="TimestampMs">Beginning of the interval, Unix ms, UTC; a multiple of its length.</param>
/// <param name="Volume">The sum of the trades' sizes; null without trades.</param>
/// <param name="Count">Ticks with a price, at least 1.</param>
/// <param name="Spread">The mean difference of ask and bid; null without two-sided quotes.</param>
public readonly record struct Candle(
    long TimestampMs, double Open, double High, double Low, double Close, double? Volume, long Count, double? Spread)
{
    /// <summary>Rounds away the errors of binary fractions: 1.04515, not 1.0451500000000001.</summary>
    public Candle Rounded() => this with
    {
        Open = RoundToDecimal(Open),
        High = RoundToDecimal(High),
        Low = RoundToDecimal(Low),
        Close = RoundToDecimal(Close),
        Volume = Volume is { } volume ? RoundToDecimal(volume) : null,
        Spread = Spread is { } spread ? Difference(spread, High) : null,
    };

    private static double RoundToDecimal(double value) =>
        double.Parse(value.ToString("G15", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture);

    /// <summary>
    /// Rounds a difference of prices to the precision of the prices, which are larger and so have the larger rounding errors.
    /// </summary>
    private static double Difference(double value, double price) =>
        RoundToDecimal(Math.Round(value, Math.Clamp(14 - (int)Math.Ceiling(Math.Log10(Math.Max(price, 1e-12))), 0, 15)));
}
