using CloudTicks.Ticks;

namespace CloudTicks.Lake.Reading;

/// <summary>The ticks to aggregate into candles: symbol, kind of price and time range.</summary>
/// <param name="Price"><see cref="TickKind.Quote"/> for the middle of bid and ask, <see cref="TickKind.Trade"/> for trades.</param>
/// <param name="LengthMs">The length of a candle, ms: a divisor of an hour.</param>
/// <param name="FromMs">The start of the range, inclusive, Unix ms, UTC.</param>
/// <param name="ToMs">The end of the range, exclusive, Unix ms, UTC.</param>
/// <param name="WithoutCrossed">Whether crossed quotes are omitted.</param>
public sealed record LakeCandleRange(Symbol Symbol, TickKind Price, long LengthMs, long FromMs, long ToMs, bool WithoutCrossed);

/// <summary>A candle of a symbol, with unrounded prices.</summary>
/// <param name="TimestampMs">The start, Unix ms, UTC.</param>
/// <param name="Volume">The sum of the trade sizes; null without trades.</param>
/// <param name="Count">The number of ticks with a price, at least 1.</param>
/// <param name="Spread">The mean of ask minus bid; null if no quote had both.</param>
public readonly record struct LakeCandle(
    long TimestampMs, double Open, double High, double Low, double Close, double? Volume, long Count, double? Spread);
