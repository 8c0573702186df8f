using System.Diagnostics.CodeAnalysis;
using CloudTicks.Foundations;
using CloudTicks.Simulator.Channels;
using CloudTicks.Ticks;
using Microsoft.Extensions.Options;

namespace CloudTicks.Simulator.Synthetic;

/// <summary>
/// Generates ticks from a seeded random walk for each symbol that is, or by default was, subscribed to. The channels take turns and share
/// one total rate. The number of due ticks follows from the elapsed time, so the rate does not drift; a backlog of more than a second,
/// caused by slow clients, is dropped.
/// </summary>
internal sealed class SyntheticSource(
    IOptions<SimulatorOptions> options, ChannelDirectory channels, TimeProvider time, ILogger<SyntheticSource> logger) : ITickSource
{
    private readonly Dictionary<SimulatedChannel, SyntheticChannel> _created = [];
    private readonly Dictionary<Symbol, PriceWalk> _walks = [];
    private SimulatedChannel[]? _tickingChannels;
    private SyntheticChannel[] _rotation = [];
    private int _nextInRotation;
    private long _startedAt;
    private long _sent;
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
    /// Adds the unexpired contracts of the default stocks. There are thousands, so they are added only for a wildcard of options.
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
        var tickingChannels = channels.TickingChannels;
        if (!ReferenceEquals(tickingChannels, _tickingChannels))
            UpdateRotation(tickingChannels);
        _nowMs = time.GetUtcNow().ToUnixTimeMilliseconds();
        if (_rotation.Length == 0)
        {
            Restart();
            return;
        }

        _due = (long)(time.GetElapsedTime(_startedAt).TotalSeconds * options.Value.Rate);
        if (_due - _sent > Math.Max(options.Value.Rate, 1))
        {
            Restart();
            _due = 1;
        }
    }

    public bool TryRead(scoped ref Tick tick, [NotNullWhen(true)] out SimulatedChannel? channel)
    {
        channel = null;
        if (_sent >= _due || _rotation.Length == 0)
            return false;
        _sent++;
        var next = _rotation[_nextInRotation];
        _nextInRotation = _nextInRotation + 1 == _rotation.Length ? 0 : _nextInRotation + 1;
        next.Make(_nowMs, ref tick);
        channel = next.Channel;
        return true;
    }

    private void Restart()
    {
        _startedAt = time.GetTimestamp();
        _sent = 0;
        _due = 0;
    }

    /// <summary>Updates the channels that take turns. A channel without subscribers keeps its walk and its sequence number.</summary>
    private void UpdateRotation(SimulatedChannel[] tickingChannels)
    {
        if (_rotation.Length == 0)
            Restart();
        _tickingChannels = tickingChannels;
        _nextInRotation = 0;
        _rotation = [.. tickingChannels.Where(channel => Instrument.Exists(channel.Symbol)).Select(GetOrCreate)];
    }

    private SyntheticChannel GetOrCreate(SimulatedChannel channel)
    {
        if (_created.TryGetValue(channel, out var created))
            return created;
        if (!_walks.TryGetValue(channel.Symbol, out var walk))
        {
            var seed = ((ulong)(uint)options.Value.Seed << 32) | Instrument.StableHash(channel.Symbol);
            _walks.Add(channel.Symbol, walk = new PriceWalk(Instrument.Of(channel.Symbol), seed));
        }

        _created.Add(channel, created = new SyntheticChannel(channel, walk));
        return created;
    }

    private void Add(string name, TickKind kind)
    {
        if (Symbol.TryParse(name, out var symbol))
            channels.GetOrAdd(symbol, kind);
    }
}
