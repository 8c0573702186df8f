using CloudTicks.EventStream.Records;

namespace CloudTicks.EventStream.Links;

/// <summary>
/// Distributes the partitions over several links. All records of a partition use one link, so that their order is kept. Over the Kafka
/// protocol, an idempotent client has at most five requests in flight and sends one request per partition. With a single link, records of
/// the same moment would be sent in groups of five, each waiting for the responses to the previous group.
/// </summary>
internal sealed class SpreadRecordLink : IRecordLink
{
    private readonly Lazy<IRecordLink>[] _links;

    /// <param name="open">Opens a link. Each link except the first is opened on demand.</param>
    public SpreadRecordLink(int links, Func<IRecordLink> open)
    {
        _links = [.. Enumerable.Range(0, links).Select(_ => new Lazy<IRecordLink>(open))];
        _ = First;
    }

    private IRecordLink First => _links[0].Value;

    public void Send(PendingRecord record, ReadOnlyMemory<byte> value, IReadOnlyList<RecordHeader> headers) =>
        _links[record.Partition % _links.Length].Value.Send(record, value, headers);

    public Task PrepareAsync(string topic, CancellationToken cancellationToken) =>
        Task.WhenAll(Array.ConvertAll(_links, link => link.Value.PrepareAsync(topic, cancellationToken)));

    public Task<string?> GetWriteProblemAsync(CancellationToken cancellationToken) => First.GetWriteProblemAsync(cancellationToken);

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(_links.Where(link => link.IsValueCreated).Select(link => link.Value.DisposeAsync().AsTask()));
}
