using CloudTicks.Ticks;

namespace CloudTicks.Collection.Batching;

/// <summary>A quote that is held back because a later quote of the same second may replace it. Each symbol reuses two instances.</summary>
internal sealed class HeldQuote(Symbol symbol, int partition)
{
    private readonly int[] _conditions = new int[Tick.MaxListLength];
    private readonly int[] _indicators = new int[Tick.MaxListLength];
    private TickFields _fields;
    private TickFlags _flags;
    private long _receivedMs;
    private Price _bid;
    private Price _ask;
    private Price _bidSize;
    private Price _askSize;
    private (int Any, int Bid, int Ask) _exchanges;
    private int _tape;
    private long _sequence;
    private (long Participant, long Trf, long Vendor) _times;
    private int _trfId;
    private int _conditionCount;
    private int _indicatorCount;

    public int Partition => partition;

    public bool IsFull { get; private set; }

    /// <summary>The feed's timestamp of the quote, Unix ms, UTC.</summary>
    public long TimestampMs { get; private set; }

    /// <summary>The time at which <see cref="Hold"/> was called, as a timestamp of the time provider.</summary>
    public long HeldAt { get; private set; }

    public void Hold(scoped in Tick quote, long now)
    {
        (IsFull, HeldAt, TimestampMs, _receivedMs) = (true, now, quote.TimestampMs, quote.ReceivedMs);
        (_fields, _flags) = (quote.Fields, quote.Flags);
        (_bid, _ask, _bidSize, _askSize) = (quote.Bid, quote.Ask, quote.BidSize, quote.AskSize);
        _exchanges = (quote.Exchange, quote.BidExchange, quote.AskExchange);
        (_tape, _sequence, _trfId) = (quote.Tape, quote.Sequence, quote.TrfId);
        _times = (quote.ParticipantMs, quote.TrfMs, quote.VendorReceivedMs);
        quote.Conditions.CopyTo(_conditions);
        quote.Indicators.CopyTo(_indicators);
        (_conditionCount, _indicatorCount) = (quote.Conditions.Length, quote.Indicators.Length);
    }

    public Tick Release()
    {
        IsFull = false;
        return new Tick
        {
            Symbol = symbol,
            Kind = TickKind.Quote,
            Fields = _fields,
            Flags = _flags,
            TimestampMs = TimestampMs,
            ReceivedMs = _receivedMs,
            Bid = _bid,
            Ask = _ask,
            BidSize = _bidSize,
            AskSize = _askSize,
            Exchange = _exchanges.Any,
            BidExchange = _exchanges.Bid,
            AskExchange = _exchanges.Ask,
            Tape = _tape,
            Sequence = _sequence,
            TrfId = _trfId,
            ParticipantMs = _times.Participant,
            TrfMs = _times.Trf,
            VendorReceivedMs = _times.Vendor,
            Conditions = _conditions.AsSpan(0, _conditionCount),
            Indicators = _indicators.AsSpan(0, _indicatorCount),
        };
    }
}
