using Confluent.Kafka;

namespace CloudTicks.EventStream.Records;

internal static class ConsumeResultExtensions
{
    public static StreamRecord ToRecord<TKey>(this ConsumeResult<TKey, byte[]> result) => new(
        new RecordOrigin(result.Topic, result.Partition, result.Offset),
        result.Message.Timestamp.UtcDateTime,
        result.Message.Value ?? [],
        result.Message.Headers is { Count: > 0 } headers
            ? [.. headers.Select(header => new RecordHeader(header.Key, header.GetValueBytes()))]
            : []);
}
