using CloudTicks.Cli.Tailing;

namespace CloudTicks.Cli.Watching;

internal sealed class PriceRow(string symbol)
{
    /// <summary>The weight of the last second in the rate's moving average.</summary>
    private const double Weight = 0.5;

    private static readonly TimeSpan RateInterval = TimeSpan.FromSeconds(1);

    private decimal? _bid;
    private decimal? _ask;
    private decimal? _traded;
    private decimal? _first;
    private long? _newestMs;
    private long _ticks;
    private long _countedTicks;
    private long? _countedAt;
    private double? _perSecond;

    /// <summary>Adds a tick. An older tick counts towards the rate, but does not change the price.</summary>
    public void Add(TickView tick)
    {
        _ticks++;
        if (tick.TimestampMs < _newestMs)
        {
            return;
        }

        _newestMs = tick.TimestampMs;
        (_bid, _ask, _traded) = (tick.Bid ?? _bid, tick.Ask ?? _ask, tick.Price ?? _traded);
        _first ??= Last;
    }

    /// <summary>The price of the last trade; without trades, the middle of bid and ask, or the only known side.</summary>
    private decimal? Last => _traded ?? (_bid is { } bid && _ask is { } ask ? Middle(bid, ask) : _bid ?? _ask);

    public PriceLine Snapshot(long now, TimeProvider time)
    {
        if (_countedAt is not { } countedAt)
        {
            (_countedAt, _countedTicks) = (now, _ticks);
        }
        else if (time.GetElapsedTime(countedAt, now) is var passed && passed >= RateInterval)
        {
            var rate = (_ticks - _countedTicks) / passed.TotalSeconds;
            _perSecond = _perSecond is { } before ? (before * (1 - Weight)) + (rate * Weight) : rate;
            (_countedAt, _countedTicks) = (now, _ticks);
        }

        var age = _newestMs is { } newest
            ? TimeSpan.FromMilliseconds(Math.Max(0, time.GetUtcNow().ToUnixTimeMilliseconds() - (double)newest)) : default(TimeSpan?);
        return new PriceLine(symbol, _bid, _ask, Last, Last - _first, _first, age, _perSecond);
    }

    private static decimal Middle(decimal bid, decimal ask)
    {
        try
        {
            return (bid + ask) / 2;
        }
        catch (OverflowException)
        {
            return bid;
        }
    }
}

/// <summary>A snapshot of a <see cref="PriceRow"/>.</summary>
/// <param name="Last">The price of the last trade; before the first trade the middle of bid and ask, or the only side known.</param>
/// <param name="Change">The change since the first price seen.</param>
/// <param name="Age">The age of the newest tick by this machine's clock; null before the first.</param>
/// <param name="PerSecond">Recent ticks per second; null before it is known.</param>
internal sealed record PriceLine(
    string Symbol, decimal? Bid, decimal? Ask, decimal? Last, decimal? Change, decimal? First, TimeSpan? Age, double? PerSecond);
