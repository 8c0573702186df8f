using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>Reads a stream over another protocol than Kafka's.</summary>
internal interface IStreamReader
{
    /// <summary>The unique identity of the stream.</summary>
    public Task<string> IdentifyAsync(string topic, CancellationToken cancellationToken);

    public Task<IReadOnlyList<PartitionWatermarks>> GetWatermarksAsync(string topic, CancellationToken cancellationToken);

    public IAsyncEnumerable<StreamRecord> ReadAsync(string topic, IReadOnlyList<OffsetRange> ranges, CancellationToken cancellationToken);
}
