using System.Buffers.Text;
using CloudTicks.Simulator.Channels;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Synthetic;

/// <summary>Makes the ticks of one channel.</summary>
/// <param name="channel">The channel.</param>
/// <param name="walk">The price of its symbol, which trades and quotes share.</param>
internal sealed class SyntheticChannel(FeedChannel channel, PriceWalk walk)
{
    private const int ForexExchange = 48;
    private const int Tape = 3;
    private const int RoundLot = 100;

    // Exchanges that print stocks: NYSE, Arca, Nasdaq, IEX, BZX, EDGX.
    private static readonly int[] Exchanges = [10, 11, 12, 15, 19, 8];
    private static readonly int[] RegularSale = [];
    private static readonly int[] OddLot = [37];

    private readonly byte[] _tradeId = new byte[20];
    private long _sequence;
    private long _lastMs;

    public FeedChannel Channel => channel;

    public void Make(long nowMs, scoped ref Tick tick)
    {
        // A clock that is set back does not take the feed's time back.
        _lastMs = Math.Max(_lastMs, nowMs);
        walk.Step(_lastMs);
        tick = default;
        tick.Symbol = channel.Symbol;
        tick.Kind = channel.Kind;
        tick.TimestampMs = _lastMs;
        if (channel.Symbol.Market == Market.Forex)
            MakePair(ref tick);
        else if (channel.Kind == TickKind.Trade)
            MakeTrade(ref tick);
        else
            MakeQuote(ref tick);
    }

    private void MakePair(scoped ref Tick tick)
    {
        tick.Fields = TickFields.Bid | TickFields.Ask | TickFields.Exchange;
        tick.Bid = walk.PriceOf(walk.Bid);
        tick.Ask = walk.PriceOf(walk.Ask);
        tick.Exchange = ForexExchange;
    }

    private void MakeTrade(scoped ref Tick tick)
    {
        tick.Fields = TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.TradeId | TickFields.Tape | TickFields.Sequence;
        tick.Price = walk.PriceOf(walk.Next(2) == 0 ? walk.Bid : walk.Ask);
        var size = walk.Next(3) == 0 ? 1 + walk.Next(RoundLot - 1) : RoundLot * (1 + walk.Next(10));
        tick.Size = Price.Create(size, 0);
        tick.Exchange = Exchanges[walk.Next(Exchanges.Length)];
        tick.Tape = Tape;
        tick.Sequence = ++_sequence;
        Utf8Formatter.TryFormat(_sequence, _tradeId, out var length);
        tick.TradeId = _tradeId.AsSpan(0, length);
        tick.Conditions = size < RoundLot ? OddLot : RegularSale;
        if (tick.Conditions.Length > 0)
            tick.Fields |= TickFields.Conditions;
    }

    private void MakeQuote(scoped ref Tick tick)
    {
        tick.Fields = TickFields.Bid | TickFields.Ask | TickFields.BidSize | TickFields.AskSize | TickFields.BidExchange | TickFields.AskExchange
            | TickFields.Tape | TickFields.Sequence;
        tick.Bid = walk.PriceOf(walk.Bid);
        tick.Ask = walk.PriceOf(walk.Ask);
        tick.BidSize = Price.Create(RoundLot * (1 + walk.Next(20)), 0);
        tick.AskSize = Price.Create(RoundLot * (1 + walk.Next(20)), 0);
        tick.BidExchange = Exchanges[walk.Next(Exchanges.Length)];
        tick.AskExchange = Exchanges[walk.Next(Exchanges.Length)];
        tick.Tape = Tape;
        tick.Sequence = ++_sequence;
    }
}
