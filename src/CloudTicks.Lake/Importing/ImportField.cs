namespace CloudTicks.Lake.Importing;

/// <summary>The fields of a tick to which the columns of a file are mapped.</summary>
internal enum ImportField
{
    Time,
    Symbol,
    Market,
    Kind,
    Bid,
    Ask,
    BidSize,
    AskSize,
    Price,
    Size,
    Exchange,
    BidExchange,
    AskExchange,
    Sequence,
    TradeId,
    Conditions,
    Indicators,
    Tape,
    ParticipantTime,
    TrfId,
    TrfTime,
    VendorReceivedTime,
    ReceivedTime,
    ReceivedAfterMs,
    Flags,
    ExactText,
}
