using CloudTicks.Ticks;

namespace CloudTicks.Lake.Reading;

/// <summary>The ticks of a symbol to aggregate.</summary>
/// <param name="Price"><see cref="TickKind.Quote"/> for the middle of bid and ask, <see cref="TickKind.Trade"/> for trades.</param>
/// <param name="LengthMs">The length of a candle, ms, at least 1.</param>
/// <param name="FromMs">First time, Unix ms, UTC.</param>
/// <param name="ToMs">The time after the last, Unix ms, UTC.</param>
/// <param name="WithoutCrossed">Whether crossed quotes are omitted.</param>
public sealed record LakeCandleRange(Symbol Symbol, TickKind Price, long LengthMs, long FromMs, long ToMs, bool WithoutCrossed);

/// <summary>The prices of a symbol in a stretch of time, not rounded.</summary>
/// <param name="TimestampMs">The beginning, Unix ms, UTC.</param>
/// <param name="Volume">The sum of the sizes of its trades; null when there was none.</param>
/// <param name="Count">The ticks that had a price, at least 1.</param>
/// <param name="Spread">The mean of ask less bid; null when no quote had both.</param>
public readonly record struct LakeCandle(
    long TimestampMs, double Open, double High, double Low, double Close, double? Volume, long Count, double? Spread);
