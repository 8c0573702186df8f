using CloudTicks.Timescale.Retention;

namespace CloudTicks.Timescale.Compression;

/// <summary>What a run did.</summary>
/// <param name="Compressed">Chunks that it compressed, oldest first.</param>
/// <param name="Joined">Compressed chunks whose late ticks it compressed, too.</param>
/// <param name="Held">Chunks that somebody held for too long; they are due again in the next run.</param>
/// <param name="Problem">What the database said when it refused, where the run ended; null when it did not.</param>
public sealed record CompressionResult(
    CompressionChoice Choice, IReadOnlyList<Chunk> Compressed, IReadOnlyList<Chunk> Joined, IReadOnlyList<Chunk> Held,
    string? Problem = null);
