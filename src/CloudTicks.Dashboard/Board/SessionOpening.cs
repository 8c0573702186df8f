using CloudTicks.Ticks;

namespace CloudTicks.Dashboard.Board;

/// <summary>
/// A symbol's first trade and quote of a session. They may be reported in any order; the prices of a newer session replace them.
/// </summary>
internal sealed class SessionOpening
{
    private const long Never = -1;

    private Price _trade;
    private long _tradeMs = Never;
    private Price _quote;
    private long _quoteMs = Never;

    public bool SetTrade(Price price, long atMs) => SetFirst(ref _trade, ref _tradeMs, price, atMs);

    public bool SetQuote(Price price, long atMs) => SetFirst(ref _quote, ref _quoteMs, price, atMs);

    /// <summary>Applies earlier opening prices of the same session; those of another session are ignored.</summary>
    public bool ApplyEarlier(SessionOpening known)
    {
        var trade = IsEarlier(known._tradeMs, _tradeMs) && SetTrade(known._trade, known._tradeMs);
        return (IsEarlier(known._quoteMs, _quoteMs) && SetQuote(known._quote, known._quoteMs)) | trade;
    }

    /// <summary>Returns the price of a session's first trade; null when there was none.</summary>
    public Price? Trade(long ofMs) => _tradeMs >= TradingDay.BeginOf(ofMs) ? _trade : null;

    /// <summary>Returns the price of a session's first quote; null when there was none.</summary>
    public Price? Quote(long ofMs) => _quoteMs >= TradingDay.BeginOf(ofMs) ? _quote : null;

    private static bool SetFirst(ref Price first, ref long firstMs, Price price, long atMs)
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
