using CloudTicks.Ticks;

namespace CloudTicks.Lake.Importing;

/// <summary>
/// Polygon's flat files: a day of trades or quotes of a market, with the columns of its REST history. What a column means depends on
/// the market: currencies and crypto have no consolidated tape, and thus only the participant's timestamp, which the live feed also uses.
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
            // A currency quote has only one exchange, which is in the bid's column.
            ImportField.Exchange => hasTape || !header.Contains("bid_exchange") ? ["exchange"] : ["bid_exchange"],
            ImportField.BidExchange => hasTape ? ["bid_exchange"] : [],
            ImportField.AskExchange => hasTape ? ["ask_exchange"] : [],
            ImportField.TradeId => ["id"],
            _ => ImportFields.ColumnsOf(field),
        };
    }

    /// <summary>The market that a ticker's prefix names.</summary>
    public static Market MarketOf(ReadOnlySpan<byte> ticker) => ticker switch
    {
        [(byte)'O', (byte)':', ..] => Market.Option,
        [(byte)'C', (byte)':', ..] => Market.Forex,
        [(byte)'X', (byte)':', ..] => Market.Crypto,
        _ => Market.Stock,
    };
}
