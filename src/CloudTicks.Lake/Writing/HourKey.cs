using CloudTicks.Lake.Manifests;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Writing;

/// <summary>Identifies an hour of one kind and market. The ticks of each hour are written to separate files.</summary>
/// <param name="Hour">Hours since 1970, UTC.</param>
internal readonly record struct HourKey(TickKind Kind, Market Market, long Hour) : IComparable<HourKey>
{
    private const long MsPerHour = 3_600_000;

    public LakeDay Day => LakeDay.Of(Kind, Market, Hour * MsPerHour);

    public int HourOfDay => (int)(Hour % 24);

    public static HourKey Of(scoped in Tick tick) => new(tick.Kind, tick.Symbol.Market, tick.TimestampMs / MsPerHour);

    /// <summary>Whether a tick is of this hour, kind and market.</summary>
    public bool Contains(scoped in Tick tick) =>
        unchecked((ulong)(tick.TimestampMs - (Hour * MsPerHour))) < MsPerHour && tick.Kind == Kind && tick.Symbol.Market == Market;

    public int CompareTo(HourKey other) => (Kind, Market, Hour).CompareTo((other.Kind, other.Market, other.Hour));
}
