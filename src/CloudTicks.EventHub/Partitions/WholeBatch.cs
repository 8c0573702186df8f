using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>A batch that lies whole behind damage.</summary>
internal sealed record WholeBatch(RecordBatch Header, byte[] Bytes);
