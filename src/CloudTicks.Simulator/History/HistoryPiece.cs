namespace CloudTicks.Simulator.History;

/// <summary>A snapshot of a chunk.</summary>
/// <param name="FirstOrdinal">The number of the channel's ticks before the piece.</param>
/// <param name="FirstIndexInMs">How many of the ticks directly before the piece have the same ms as its first tick.</param>
internal readonly record struct HistoryPiece(
    ReadOnlyMemory<byte> Bytes, int Count, long FirstOrdinal, int FirstIndexInMs, long FirstMs, long LastMs);
