using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>A sorted part of a file's ticks, in a temporary Parquet file.</summary>
internal sealed record TickRun(TickKind Kind, Market Market, string Path, TickFileFigures Figures);
