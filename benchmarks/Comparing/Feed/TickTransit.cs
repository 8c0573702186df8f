using CloudTicks.Ticks;
using CloudTicks.Ticks.Identity;

namespace CloudTicks.Benchmarks.Comparing.Feed;

/// <summary>
/// The transit time of a tick, in ms. It is derived from the tick's identity, so that it is the same in each run, and as hard to compress
/// as a real one.
/// </summary>
internal static class TickTransit
{
    private const int MinMs = 5;
    private const ulong NormalSpread = 12;
    private const ulong SlowSpread = 90;

    /// <summary>Returns the transit time: 5 to 16 ms for most ticks, 5 to 94 ms for one in eight.</summary>
    public static int MsOf(scoped in Tick tick)
    {
        var identity = TickIdentity.Of(tick);
        return MinMs + (int)((identity >> 8) % (identity % 8 == 0 ? SlowSpread : NormalSpread));
    }
}
