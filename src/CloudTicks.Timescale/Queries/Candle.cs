namespace CloudTicks.Timescale.Queries;

/// <summary>The prices of a symbol in a stretch of time.</summary>
/// <param name="TimestampMs">When it begins, Unix ms, UTC; a multiple of its length.</param>
/// <param name="Volume">The sum of the sizes of its trades; null when there was none.</param>
/// <param name="Count">The ticks that had a price, at least 1.</param>
/// <param name="Spread">The mean of ask less bid of its quotes; null when there was none with both.</param>
public readonly record struct Candle(
    long TimestampMs, double Open, double High, double Low, double Close, double? Volume, long Count, double? Spread);
