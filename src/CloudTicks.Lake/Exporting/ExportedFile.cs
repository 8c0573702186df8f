using CloudTicks.Ticks;

namespace CloudTicks.Lake.Exporting;

/// <summary>A file of an export.</summary>
/// <param name="Kind">The kind of its ticks.</param>
/// <param name="Market">The market of its ticks.</param>
/// <param name="Path">Its path.</param>
/// <param name="Rows">The number of its ticks.</param>
/// <param name="Bytes">Its size, bytes.</param>
public sealed record ExportedFile(TickKind Kind, Market Market, string Path, long Rows, long Bytes);
