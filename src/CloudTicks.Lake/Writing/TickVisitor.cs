using CloudTicks.Ticks;

namespace CloudTicks.Lake.Writing;

/// <summary>Takes a tick with its place in the archive.</summary>
internal delegate void TickVisitor(scoped in Tick tick, TickSource source, int partition, long offset);
