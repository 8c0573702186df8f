namespace CloudTicks.Lake.Files;

/// <summary>The figures of a file of ticks.</summary>
/// <param name="FirstMs">The earliest time, Unix ms, UTC.</param>
/// <param name="IdentitySum">The sum of the identities, modulo 2^64.</param>
internal readonly record struct TickFileFigures(long Rows, long FirstMs, long LastMs, ulong IdentitySum);
