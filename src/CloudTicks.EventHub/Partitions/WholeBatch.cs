using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

internal sealed record WholeBatch(RecordBatch Header, byte[] Bytes);
