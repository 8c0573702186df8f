namespace CloudTicks.Ticks.Gaps;

/// <summary>A record is not a valid gap record of a known version. The message says why.</summary>
internal sealed class GapFormatException(string message) : Exception(message);
