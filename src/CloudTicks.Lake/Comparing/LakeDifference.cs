using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Comparing;

/// <summary>A symbol's hour in which lake and archive differ. Repeats count once.</summary>
/// <param name="Hour">The hour of the day, UTC.</param>
/// <param name="Archive">Ticks in the archive.</param>
/// <param name="Lake">Ticks in the lake.</param>
/// <param name="Missing">Ticks of the archive that the lake lacks.</param>
/// <param name="Extra">Ticks that the lake attributes to compared records that do not hold them.</param>
public sealed record LakeDifference(LakeDay Day, int Hour, string Symbol, long Archive, long Lake, long Missing, long Extra);
