using CloudTicks.Ticks;

namespace CloudTicks.Lake.Writing;

/// <summary>Receives a tick with its archive partition and offset.</summary>
internal delegate void TickVisitor(scoped in Tick tick, TickSource source, int partition, long offset);
