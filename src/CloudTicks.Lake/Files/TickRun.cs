using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>A part of a file's ticks, sorted, in a Parquet file that waits to be put together by days.</summary>
internal sealed record TickRun(TickKind Kind, Market Market, string Path, TickFileFigures Figures);
