namespace CloudTicks.Timescale.Retention;

/// <summary>A chunk of <c>market_ticks</c>.</summary>
/// <param name="FromMs">The first time that it may hold, Unix ms, UTC.</param>
/// <param name="ToMs">The time behind the last that it may hold, Unix ms, UTC.</param>
/// <param name="Bytes">Its size on disk, with indexes; 0 where it was not asked for.</param>
/// <param name="LooseRows">Its rows that are not compressed, as the server has counted them since it started.</param>
public readonly record struct Chunk(
    string Name, long FromMs, long ToMs, long EstimatedRows = 0, long Bytes = 0, bool IsCompressed = false, long LooseRows = 0);
