using System.Diagnostics.CodeAnalysis;
using CloudTicks.Foundations;
using CloudTicks.Simulator.Channels;
using CloudTicks.Ticks;
using Microsoft.Extensions.Options;

namespace CloudTicks.Simulator.Synthetic;

/// <summary>
/// Generates ticks from a seeded random walk for each symbol that is or was subscribed to. The channels take turns, at one total rate. The
/// number of due ticks follows from the elapsed time, so the rate does not drift; a backlog of more than a second, caused by slow clients,
/// is dropped.
/// </summary>
internal sealed class SyntheticSource(
    IOptions<SimulatorOptions> options, ChannelDirectory channels, TimeProvider time, ILogger<SyntheticSource> logger) : ITickSource
{
    private readonly Dictionary<SimulatedChannel, SyntheticChannel> _made = [];
    private readonly Dictionary<Symbol, PriceWalk> _walks = [];
    private SimulatedChannel[]? _ticking;
    private SyntheticChannel[] _turns = [];
    private int _turn;
    private long _started;
    private long _taken;
    private long _due;
    private long _nowMs;

    public bool IsFinished => false;

    public void Open()
    {
        foreach (var name in Instrument.DefaultPairs)
            Add(name, TickKind.Quote);
        foreach (var name in Instrument.DefaultStocks.Concat(Instrument.DefaultCoins))
        {
            Add(name, TickKind.Trade);
            Add(name, TickKind.Quote);
        }

        Log.Synthetic(logger, options.Value.Rate);
    }

    /// <summary>
    /// Adds the contracts of the listed stocks. Because there are thousands, they tick only if a wildcard of options is subscribed.
    /// </summary>
    public void AddListed(Market market, TickKind kind)
    {
        if (market != Market.Option)
            return;
        var today = NewYork.DayOf(time.GetUtcNow());
        foreach (var contract in Instrument.DefaultStocks.SelectMany(stock => ContractBook.Of(stock, today)))
        {
            if (contract.Expiry >= today)
                Add(contract.Ticker, kind);
        }
    }

    public void Advance()
    {
        var ticking = channels.Ticking;
        if (!ReferenceEquals(ticking, _ticking))
            UpdateInTurn(ticking);
        _nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_turns.Length == 0)
        {
            Restart();
            return;
        }

        _due = (long)(time.GetElapsedTime(_started).TotalSeconds * options.Value.Rate);
        if (_due - _taken > Math.Max(options.Value.Rate, 1))
        {
            Restart();
            _due = 1;
        }
    }

    public bool TryRead(scoped ref Tick tick, [NotNullWhen(true)] out SimulatedChannel? channel)
    {
        channel = null;
        if (_taken >= _due || _turns.Length == 0)
            return false;
        _taken++;
        var next = _turns[_turn];
        _turn = _turn + 1 == _turns.Length ? 0 : _turn + 1;
        next.Make(_nowMs, ref tick);
        channel = next.Channel;
        return true;
    }

    private void Restart()
    {
        _started = time.GetTimestamp();
        _taken = 0;
        _due = 0;
    }

    /// <summary>A channel that is silent keeps its walk and its sequence number.</summary>
    private void UpdateInTurn(SimulatedChannel[] ticking)
    {
        if (_turns.Length == 0)
            Restart();
        _ticking = ticking;
        _turn = 0;
        _turns = [.. ticking.Where(channel => Instrument.Exists(channel.Symbol)).Select(Made)];
    }

    private SyntheticChannel Made(SimulatedChannel channel)
    {
        if (_made.TryGetValue(channel, out var made))
            return made;
        if (!_walks.TryGetValue(channel.Symbol, out var walk))
        {
            var seed = ((ulong)(uint)options.Value.Seed << 32) | Instrument.StableHash(channel.Symbol);
            _walks.Add(channel.Symbol, walk = new PriceWalk(Instrument.Of(channel.Symbol), seed));
        }

        _made.Add(channel, made = new SyntheticChannel(channel, walk));
        return made;
    }

    private void Add(string name, TickKind kind)
    {
        if (Symbol.TryParse(name, out var symbol))
            channels.GetOrAdd(symbol, kind);
    }
}
