using CloudTicks.Timescale.Retention;

namespace CloudTicks.Timescale.Compression;

/// <summary>The result of a compression run.</summary>
/// <param name="Compressed">Chunks that were not compressed before, oldest first.</param>
/// <param name="Joined">Chunks that had been compressed before, and whose late ticks are compressed now.</param>
/// <param name="Held">Locked chunks; the next run retries them.</param>
/// <param name="Problem">The database error that ended the run; null if there is none.</param>
public sealed record CompressionResult(
    CompressionChoice Choice, IReadOnlyList<Chunk> Compressed, IReadOnlyList<Chunk> Joined, IReadOnlyList<Chunk> Held,
    string? Problem = null);
