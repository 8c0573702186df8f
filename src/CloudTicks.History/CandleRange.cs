using CloudTicks.Ticks;

namespace CloudTicks.History;

/// <summary>The requested candles of a symbol.</summary>
/// <param name="Price"><see cref="TickKind.Quote"/> for the middle of bid and ask, <see cref="TickKind.Trade"/> for trades.</param>
/// <param name="LengthMs">The length of a candle, ms, from 1 to an hour; it divides an hour.</param>
/// <param name="FromMs">First time, Unix ms, UTC; the beginning of a candle.</param>
/// <param name="ToMs">The time after the last, Unix ms, UTC; the end of a candle.</param>
/// <param name="WithoutCrossed">Whether crossed quotes are omitted.</param>
public sealed record CandleRange(Symbol Symbol, TickKind Price, long LengthMs, long FromMs, long ToMs, bool WithoutCrossed);
