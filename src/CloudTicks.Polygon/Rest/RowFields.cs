using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;

namespace CloudTicks.Polygon.Rest;

/// <summary>
/// Maps the keys of history rows to the fields of WebSocket events, so that the same decoder gives a fetched tick the same identity as the
/// live tick.
/// </summary>
internal static class RowFields
{
    private static readonly (byte[] Name, EventField Field)[] Trades =
    [
        ("conditions"u8.ToArray(), EventField.C),
        ("exchange"u8.ToArray(), EventField.X),
        ("id"u8.ToArray(), EventField.I),
        ("price"u8.ToArray(), EventField.P),
        ("size"u8.ToArray(), EventField.S),
        ("decimal_size"u8.ToArray(), EventField.Ds),
        ("sequence_number"u8.ToArray(), EventField.Q),
        ("sip_timestamp"u8.ToArray(), EventField.T),
        ("participant_timestamp"u8.ToArray(), EventField.Pt),
        ("trf_id"u8.ToArray(), EventField.Trfi),
        ("trf_timestamp"u8.ToArray(), EventField.Trft),
        ("tape"u8.ToArray(), EventField.Z),
    ];

    private static readonly (byte[] Name, EventField Field)[] Quotes =
    [
        ("bid_price"u8.ToArray(), EventField.Bp),
        ("bid_size"u8.ToArray(), EventField.Bs),
        ("bid_exchange"u8.ToArray(), EventField.Bx),
        ("ask_price"u8.ToArray(), EventField.Ap),
        ("ask_size"u8.ToArray(), EventField.As),
        ("ask_exchange"u8.ToArray(), EventField.Ax),
        ("sequence_number"u8.ToArray(), EventField.Q),
        ("sip_timestamp"u8.ToArray(), EventField.T),
        ("participant_timestamp"u8.ToArray(), EventField.Pt),
        ("conditions"u8.ToArray(), EventField.C),
        ("indicators"u8.ToArray(), EventField.I),
        ("tape"u8.ToArray(), EventField.Z),
    ];

    // Forex and crypto have no consolidated tape. Their rows have only the participant's time, which the WebSocket also sends.
    private static readonly (byte[] Name, EventField Field)[] ForexQuotes =
    [
        ("bid_price"u8.ToArray(), EventField.B),
        ("ask_price"u8.ToArray(), EventField.A),
        ("bid_exchange"u8.ToArray(), EventField.X),
        ("participant_timestamp"u8.ToArray(), EventField.T),
    ];

    private static readonly (byte[] Name, EventField Field)[] CryptoTrades =
    [
        ("price"u8.ToArray(), EventField.P),
        ("size"u8.ToArray(), EventField.S),
        ("exchange"u8.ToArray(), EventField.X),
        ("id"u8.ToArray(), EventField.I),
        ("conditions"u8.ToArray(), EventField.C),
        ("participant_timestamp"u8.ToArray(), EventField.T),
    ];

    public static (byte[] Name, EventField Field)[] Of(Market market, TickKind kind) => (market, kind) switch
    {
        (Market.Forex, TickKind.Quote) => ForexQuotes,
        (Market.Crypto, TickKind.Trade) => CryptoTrades,
        (Market.Stock or Market.Option, TickKind.Quote) => Quotes,
        (Market.Stock or Market.Option, TickKind.Trade) => Trades,
        _ => throw new ArgumentException($"Polygon has no history of {market} {kind}s.", nameof(kind)),
    };
}
