namespace CloudTicks.Timescale.Retention;

/// <summary>A chunk of <c>market_ticks</c>.</summary>
/// <param name="FromMs">Beginning of its time range, Unix ms, UTC.</param>
/// <param name="ToMs">End of its time range, exclusive, Unix ms, UTC.</param>
/// <param name="Bytes">Its size on disk in bytes, including indexes; 0 when it was not queried.</param>
/// <param name="UncompressedRows">The estimated number of uncompressed rows, from statistics that a crash of the server resets.</param>
public readonly record struct Chunk(
    string Name, long FromMs, long ToMs, long EstimatedRows = 0, long Bytes = 0, bool IsCompressed = false, long UncompressedRows = 0);
