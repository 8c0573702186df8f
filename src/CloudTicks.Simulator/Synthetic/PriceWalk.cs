using CloudTicks.Ticks;

namespace CloudTicks.Simulator.Synthetic;

/// <summary>
/// A symbol's random walk, determined by the seed, the times of its steps and the calls of <see cref="Next"/>. Within one ms the price
/// moves in one direction only, so that no two quotes of a ms are equal.
/// </summary>
internal sealed class PriceWalk(Instrument instrument, ulong seed)
{
    // The walk turns back when it is more than a twentieth of the typical price away from that price.
    private const int RangeDivisor = 20;

    private ulong _state = seed;
    private long _ms = long.MinValue;
    private int _direction = 1;

    public long Bid { get; private set; } = instrument.Price;

    /// <summary>The ask, in points; always above the bid.</summary>
    public long Ask { get; private set; } = instrument.Price + instrument.Spread;

    public void Step(long timestampMs)
    {
        if (timestampMs != _ms)
        {
            _ms = timestampMs;
            var deviation = Bid - instrument.Price;
            _direction = Math.Abs(deviation) > instrument.Price / RangeDivisor ? -Math.Sign(deviation) : Next(2) == 0 ? 1 : -1;
        }

        // The bid never reaches zero, even with millions of steps in one millisecond.
        Bid = Math.Max(1, Bid + (_direction * (1 + Next(2))));
        Ask = Bid + Math.Max(1, instrument.Spread - (instrument.Spread / 4) + Next(1 + (instrument.Spread / 2)));
    }

    /// <summary>The next random number, from 0 to a limit (exclusive).</summary>
    public int Next(int limit)
    {
        // SplitMix64, and not System.Random, so that the walk of a seed is the same on every runtime.
        _state += 0x9E3779B97F4A7C15;
        var bits = _state;
        bits = (bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9;
        bits = (bits ^ (bits >> 27)) * 0x94D049BB133111EB;
        return (int)(((bits ^ (bits >> 31)) >> 33) % (uint)limit);
    }

    public Price PriceOf(long points) => Price.Create(points, instrument.Decimals);
}
