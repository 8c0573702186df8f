using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using CloudTicks.Foundations;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>Writes records with the collector's producer, and completes when the event hub has acknowledged them.</summary>
internal sealed class ArchiveWriter(string bootstrapServers, int partitions) : IAsyncDisposable
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(2);

    private readonly RecordProducer _producer = new(
        EventStreamConnection.Parse(bootstrapServers), Options.Create(new RecordProducerOptions()),
        new RecordProducerMetrics(new SilentMeters()), TimeProvider.System, NullLogger<RecordProducer>.Instance);

    public static Task CreateTopicsAsync(string bootstrapServers, int partitions, CancellationToken cancellationToken) =>
        ArchiveTopics.EnsureAsync(
            EventStreamConnection.Parse(bootstrapServers), NullLogger.Instance, TimeSpan.FromMinutes(1), TimeProvider.System,
            cancellationToken, partitions);

    /// <summary>Writes ticks, one record per partition.</summary>
    public async Task WriteAsync(IEnumerable<TestTick> ticks, CancellationToken cancellationToken, TickSource source = TickSource.Live)
    {
        var sent = new List<Task>();
        foreach (var partition in ticks.GroupBy(tick => tick.Symbol.PartitionOf(partitions)))
        {
            sent.Add(await SendAsync(partition.Key, RecordOf(partition.Key, partition, source), cancellationToken));
        }

        await Task.WhenAll(sent).WaitAsync(MaxWait, cancellationToken);
    }

    public async Task WriteAsync(int partition, byte[] record, CancellationToken cancellationToken) =>
        await (await SendAsync(partition, record, cancellationToken)).WaitAsync(MaxWait, cancellationToken);

    public ValueTask DisposeAsync() => _producer.DisposeAsync();

    private static byte[] RecordOf(int partition, IEnumerable<TestTick> ticks, TickSource source)
    {
        var builder = new TickBatchBuilder(partition, source);
        foreach (var tick in ticks)
        {
            builder.Add(tick.ToTick());
        }

        return builder.ToRecord();
    }

    private async Task<Task> SendAsync(int partition, byte[] record, CancellationToken cancellationToken) =>
        await _producer.SendAsync(TopicNames.TickArchive, partition, record, [], cancellationToken);
}
