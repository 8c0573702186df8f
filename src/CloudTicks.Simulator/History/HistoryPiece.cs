namespace CloudTicks.Simulator.History;

/// <summary>A snapshot of a chunk.</summary>
/// <param name="FirstOrdinal">How many ticks of the channel were made before the first of them.</param>
/// <param name="FirstIndexInMs">How many of those before it are of the same ms.</param>
internal readonly record struct HistoryPiece(
    ReadOnlyMemory<byte> Bytes, int Count, long FirstOrdinal, int FirstIndexInMs, long FirstMs, long LastMs);
