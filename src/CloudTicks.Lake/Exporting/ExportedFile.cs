using CloudTicks.Ticks;

namespace CloudTicks.Lake.Exporting;

/// <summary>A file of an export.</summary>
/// <param name="Kind">The kind of the file's ticks.</param>
/// <param name="Market">The market of the file's ticks.</param>
/// <param name="Path">The file's path.</param>
/// <param name="Rows">The number of ticks in the file.</param>
/// <param name="Bytes">The file's size, bytes.</param>
public sealed record ExportedFile(TickKind Kind, Market Market, string Path, long Rows, long Bytes);
