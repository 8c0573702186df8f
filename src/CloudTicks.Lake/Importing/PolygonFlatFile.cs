using CloudTicks.Ticks;

namespace CloudTicks.Lake.Importing;

/// <summary>
/// Polygon's flat files: a day of trades or quotes of a market, with the columns of Polygon's REST history. The meaning of a column depends
/// on the market: currencies and crypto have no consolidated tape, so their only time is the participant's timestamp, which the live feed
/// also uses.
/// </summary>
internal static class PolygonFlatFile
{
    private const string Ticker = "ticker";
    private const string SipTime = "sip_timestamp";
    private const string ParticipantTime = "participant_timestamp";

    public static bool IsHeader(IReadOnlyList<string> header) =>
        header.Contains(Ticker) && (header.Contains(SipTime) || header.Contains(ParticipantTime));

    public static IReadOnlyList<string> ColumnsOf(ImportField field, IReadOnlyList<string> header)
    {
        var hasTape = header.Contains(SipTime);
        return field switch
        {
            ImportField.Time => [hasTape ? SipTime : ParticipantTime],
            ImportField.ParticipantTime => hasTape ? [ParticipantTime] : [],
            // A currency quote has one exchange, stored in the bid's column.
            ImportField.Exchange => hasTape || !header.Contains("bid_exchange") ? ["exchange"] : ["bid_exchange"],
            ImportField.BidExchange => hasTape ? ["bid_exchange"] : [],
            ImportField.AskExchange => hasTape ? ["ask_exchange"] : [],
            ImportField.TradeId => ["id"],
            _ => ImportFields.ColumnsOf(field),
        };
    }

    /// <summary>Returns the market of a ticker, according to its prefix.</summary>
    public static Market MarketOf(ReadOnlySpan<byte> ticker) => ticker switch
    {
        [(byte)'O', (byte)':', ..] => Market.Option,
        [(byte)'C', (byte)':', ..] => Market.Forex,
        [(byte)'X', (byte)':', ..] => Market.Crypto,
        _ => Market.Stock,
    };
}
