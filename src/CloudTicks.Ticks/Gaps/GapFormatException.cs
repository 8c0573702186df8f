namespace CloudTicks.Ticks.Gaps;

/// <summary>A record is no gap record of a known version. The message says what is wrong with it.</summary>
internal sealed class GapFormatException(string message) : Exception(message);
