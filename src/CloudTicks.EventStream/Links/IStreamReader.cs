using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>Reads a stream that does not speak the Kafka protocol.</summary>
internal interface IStreamReader
{
    /// <summary>What tells the stream from every other.</summary>
    public Task<string> IdentifyAsync(string topic, CancellationToken cancellationToken);

    public Task<IReadOnlyList<PartitionWatermarks>> GetWatermarksAsync(string topic, CancellationToken cancellationToken);

    public IAsyncEnumerable<StreamRecord> ReadAsync(string topic, IReadOnlyList<OffsetRange> ranges, CancellationToken cancellationToken);
}
