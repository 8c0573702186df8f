using System.Buffers.Text;
using CloudTicks.Simulator.Channels;
using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Synthetic;

/// <summary>Generates the ticks of one channel.</summary>
/// <param name="walk">The price walk of the channel's symbol, shared by trades and quotes.</param>
internal sealed class SyntheticChannel(SimulatedChannel channel, PriceWalk walk)
{
    private const int ForexExchange = 48;
    private const int Tape = 3;
    private const int RoundLot = 100;
    private const int CoinUnits = 500_000_000;
    private const int CoinDecimals = 8;
    private const int CoinDelayMs = 20;

    // The exchanges of coins: Coinbase, Bitfinex, Bitstamp, Kraken. Those of options are numbered from 300.
    private static readonly int[] CoinExchanges = [1, 2, 6, 23];
    private static readonly int[] ContractExchanges = [300, 302, 304, 312, 322];
    private static readonly int[] ElectronicTrade = [209];
    private static readonly int[][] CoinSides = [[1], [2]];

    // The exchanges of stocks: NYSE, Arca, Nasdaq, IEX, BZX, EDGX.
    private static readonly int[] Exchanges = [10, 11, 12, 15, 19, 8];
    private static readonly int[] RegularSale = [];
    private static readonly int[] OddLot = [37];

    private readonly byte[] _tradeId = new byte[20];
    private long _sequence;
    private long _lastMs;

    public SimulatedChannel Channel => channel;

    public void Make(long nowMs, scoped ref Tick tick)
    {
        // The feed's time never moves back, even if the clock is set back.
        _lastMs = Math.Max(_lastMs, nowMs);
        walk.Step(_lastMs);
        tick = default;
        tick.Symbol = channel.Symbol;
        tick.Kind = channel.Kind;
        tick.TimestampMs = _lastMs;
        switch (channel.Symbol.Market, channel.Kind)
        {
            case (Market.Forex, _):
                MakePair(ref tick);
                break;
            case (Market.Crypto, TickKind.Trade):
                MakeCoinTrade(ref tick);
                break;
            case (Market.Crypto, _):
                MakeCoinQuote(ref tick);
                break;
            case (Market.Option, TickKind.Trade):
                MakeContractTrade(ref tick);
                break;
            case (Market.Option, _):
                MakeContractQuote(ref tick);
                break;
            case (_, TickKind.Trade):
                MakeTrade(ref tick);
                break;
            default:
                MakeQuote(ref tick);
                break;
        }
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
        tick.Fields =
            TickFields.Bid | TickFields.Ask | TickFields.BidSize | TickFields.AskSize | TickFields.BidExchange | TickFields.AskExchange
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

    private void MakeContractTrade(scoped ref Tick tick)
    {
        tick.Fields = TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.Sequence | TickFields.Conditions;
        tick.Price = walk.PriceOf(walk.Next(2) == 0 ? walk.Bid : walk.Ask);
        tick.Size = Price.Create(1 + walk.Next(20), 0);
        tick.Exchange = ContractExchanges[walk.Next(ContractExchanges.Length)];
        tick.Sequence = ++_sequence;
        tick.Conditions = ElectronicTrade;
    }

    private void MakeContractQuote(scoped ref Tick tick)
    {
        tick.Fields =
            TickFields.Bid | TickFields.Ask | TickFields.BidSize | TickFields.AskSize | TickFields.BidExchange | TickFields.AskExchange
            | TickFields.Sequence;
        tick.Bid = walk.PriceOf(walk.Bid);
        tick.Ask = walk.PriceOf(walk.Ask);
        tick.BidSize = Price.Create(1 + walk.Next(200), 0);
        tick.AskSize = Price.Create(1 + walk.Next(200), 0);
        tick.BidExchange = ContractExchanges[walk.Next(ContractExchanges.Length)];
        tick.AskExchange = ContractExchanges[walk.Next(ContractExchanges.Length)];
        tick.Sequence = ++_sequence;
    }

    private void MakeCoinTrade(scoped ref Tick tick)
    {
        tick.Fields = TickFields.Price | TickFields.Size | TickFields.Exchange | TickFields.TradeId | TickFields.Conditions
            | TickFields.VendorReceivedMs;
        tick.Price = walk.PriceOf(walk.Next(2) == 0 ? walk.Bid : walk.Ask);
        tick.Size = Price.Create(1 + walk.Next(CoinUnits), CoinDecimals);
        tick.Exchange = CoinExchanges[walk.Next(CoinExchanges.Length)];
        Utf8Formatter.TryFormat(++_sequence, _tradeId, out var length);
        tick.TradeId = _tradeId.AsSpan(0, length);
        tick.Conditions = CoinSides[walk.Next(CoinSides.Length)];
        tick.VendorReceivedMs = _lastMs + 1 + walk.Next(CoinDelayMs);
    }

    private void MakeCoinQuote(scoped ref Tick tick)
    {
        tick.Fields =
            TickFields.Bid | TickFields.Ask | TickFields.BidSize | TickFields.AskSize | TickFields.Exchange | TickFields.VendorReceivedMs;
        tick.Bid = walk.PriceOf(walk.Bid);
        tick.Ask = walk.PriceOf(walk.Ask);
        tick.BidSize = Price.Create(1 + walk.Next(CoinUnits), CoinDecimals);
        tick.AskSize = Price.Create(1 + walk.Next(CoinUnits), CoinDecimals);
        tick.Exchange = CoinExchanges[walk.Next(CoinExchanges.Length)];
        tick.VendorReceivedMs = _lastMs + 1 + walk.Next(CoinDelayMs);
    }
}
