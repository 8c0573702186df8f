namespace CloudTicks.Simulator.History;

/// <summary>A snapshot of a chunk.</summary>
/// <param name="FirstOrdinal">The number of ticks of the channel before the first one of the piece.</param>
/// <param name="FirstIndexInMs">The number of those earlier ticks that have the same ms as the first one.</param>
internal readonly record struct HistoryPiece(
    ReadOnlyMemory<byte> Bytes, int Count, long FirstOrdinal, int FirstIndexInMs, long FirstMs, long LastMs);
