using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Comparing;

/// <summary>A symbol's hour in which lake and archive differ. Repeats count once.</summary>
/// <param name="Hour">The hour of the day, UTC.</param>
/// <param name="Archive">The number of ticks in the archive.</param>
/// <param name="Lake">The number of ticks in the lake.</param>
/// <param name="Missing">The number of ticks of the archive that the lake lacks.</param>
/// <param name="Extra">The number of ticks that the lake attributes to compared records, but that these records do not contain.</param>
public sealed record LakeDifference(LakeDay Day, int Hour, string Symbol, long Archive, long Lake, long Missing, long Extra);
