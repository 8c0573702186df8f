using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>Reads a stream over a protocol other than Kafka's.</summary>
internal interface IStreamReader
{
    /// <summary>Returns the unique identity of the stream.</summary>
    public Task<string> IdentifyAsync(string topic, CancellationToken cancellationToken);

    public Task<IReadOnlyList<PartitionWatermarks>> GetWatermarksAsync(string topic, CancellationToken cancellationToken);

    public IAsyncEnumerable<StreamRecord> ReadAsync(string topic, IReadOnlyList<OffsetRange> ranges, CancellationToken cancellationToken);
}
