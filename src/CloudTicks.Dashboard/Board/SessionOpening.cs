using CloudTicks.Ticks;

namespace CloudTicks.Dashboard.Board;

/// <summary>
/// What a symbol cost when a session began: its first trade, and its first quote. Whoever knows of an earlier tick of the session is right,
/// and a newer session takes the place of the one before, so that it does not matter who tells what first.
/// </summary>
internal sealed class SessionOpening
{
    private const long Never = -1;

    private Price _trade;
    private long _tradeMs = Never;
    private Price _quote;
    private long _quoteMs = Never;

    /// <summary>Takes the price of a trade.</summary>
    /// <returns>Whether it is the first.</returns>
    public bool TakeTrade(Price price, long atMs) => Take(ref _trade, ref _tradeMs, price, atMs);

    /// <summary>Takes the price of a quote.</summary>
    /// <returns>Whether it is the first.</returns>
    public bool TakeQuote(Price price, long atMs) => Take(ref _quote, ref _quoteMs, price, atMs);

    /// <summary>Takes what somebody else knows of the sessions that this has begun; of others it is not the first.</summary>
    /// <returns>Whether it is earlier.</returns>
    public bool TakeEarlier(SessionOpening known)
    {
        var trade = IsEarlier(known._tradeMs, _tradeMs) && TakeTrade(known._trade, known._tradeMs);
        return (IsEarlier(known._quoteMs, _quoteMs) && TakeQuote(known._quote, known._quoteMs)) | trade;
    }

    /// <summary>The price of the first trade of a session; null when there was none.</summary>
    /// <param name="ofMs">A time of the session.</param>
    public Price? Trade(long ofMs) => _tradeMs >= TradingDay.BeginOf(ofMs) ? _trade : null;

    /// <summary>The price of the first quote of a session; null when there was none.</summary>
    /// <param name="ofMs">A time of the session.</param>
    public Price? Quote(long ofMs) => _quoteMs >= TradingDay.BeginOf(ofMs) ? _quote : null;

    private static bool Take(ref Price first, ref long firstMs, Price price, long atMs)
    {
        var isFirst = firstMs == Never || TradingDay.BeginOf(atMs) > firstMs || IsEarlier(atMs, firstMs);
        if (isFirst)
        {
            (first, firstMs) = (price, atMs);
        }

        return isFirst;
    }

    private static bool IsEarlier(long atMs, long firstMs) => atMs < firstMs && atMs >= TradingDay.BeginOf(firstMs);
}
