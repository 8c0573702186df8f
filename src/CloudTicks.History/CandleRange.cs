using CloudTicks.Ticks;

namespace CloudTicks.History;

/// <summary>Selects candles of a symbol.</summary>
/// <param name="Price"><see cref="TickKind.Quote"/> for the middle of bid and ask, <see cref="TickKind.Trade"/> for trades.</param>
/// <param name="LengthMs">The length of a candle, ms: a divisor of an hour.</param>
/// <param name="FromMs">The start of the range, which is the start of a candle, Unix ms, UTC.</param>
/// <param name="ToMs">The exclusive end of the range, which is the end of a candle, Unix ms, UTC.</param>
/// <param name="WithoutCrossed">Whether crossed quotes are omitted.</param>
public sealed record CandleRange(Symbol Symbol, TickKind Price, long LengthMs, long FromMs, long ToMs, bool WithoutCrossed);
