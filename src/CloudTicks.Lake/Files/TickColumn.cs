namespace CloudTicks.Lake.Files;

/// <summary>
/// The columns of a tick file, in order. The columns are a contract (docs/contracts.md): new columns are added at the end.
/// </summary>
internal enum TickColumn
{
    Symbol,
    TimestampMs,
    Source,
    Bid,
    Ask,
    BidSize,
    AskSize,
    Price,
    Size,
    Exchange,
    BidExchange,
    AskExchange,
    Conditions,
    Indicators,
    Tape,
    Sequence,
    TradeId,
    ParticipantMs,
    TrfId,
    TrfMs,
    VendorReceivedMs,
    ReceivedAfterMs,
    Flags,
    ExactText,
    ArchivePartition,
    ArchiveOffset,
}
