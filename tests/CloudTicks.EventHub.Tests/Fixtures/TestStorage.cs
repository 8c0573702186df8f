using System.Diagnostics.Metrics;
using CloudTicks.EventHub.Broker;
using CloudTicks.EventHub.Metrics;
using CloudTicks.EventHub.Settings;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.EventHub.Tests.Fixtures;

/// <summary>The event hub's storage without the Kafka protocol.</summary>
internal sealed class TestStorage : IAsyncDisposable
{
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();

    public TestStorage(string folder, Disk? disk = null, long checkpointBytes = 1L << 40, long minFreeBytes = 0, WalSettings? sizes = null,
        TimeProvider? time = null, long compactionMemory = 1 << 20)
    {
        var metrics = Metrics = new EventHubMetrics(_services.GetRequiredService<IMeterFactory>(), TimeProvider.System);
        var options = new EventHubOptions
        {
            Data = folder,
            MinFreeBytes = minFreeBytes,
            CompactionBytesPerSecond = 0,
            CompactionMemoryBytes = compactionMemory,
        };
        Hub = new HubStorage(
            options, disk ?? new Disk(), time ?? TimeProvider.System, metrics, Log, failure => Failure.TrySetResult(failure),
            sizes ?? new WalSettings { CheckpointBytes = checkpointBytes, ReserveBytes = 4096 });
    }

    public HubStorage Hub { get; }

    public EventHubMetrics Metrics { get; }

    public CapturedLog Log { get; } = new();

    /// <summary>The client that appends batches, unless a test names another.</summary>
    public LogSource Source { get; } = new();

    public TaskCompletionSource<Exception> Failure { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public async Task<Topic> CreateAsync(string name, int partitions = 1, TopicSettings? settings = null)
    {
        var creation = new TopicCreation(Hub.Topics, name, partitions, settings ?? new TopicSettings());
        Hub.Log.Enqueue(creation);
        (await creation.Completion).ShouldBe(ErrorCode.None);
        return Topic(name);
    }

    /// <summary>Changes settings of a topic and waits until the change is durable.</summary>
    public async Task ChangeAsync(string name, Func<TopicSettings, TopicSettings> change)
    {
        var entry = new SettingsChange(Hub.Topics, name, settings => (change(settings), null));
        Hub.Log.Enqueue(entry);
        (await entry.Completion).Error.ShouldBe(ErrorCode.None);
    }

    public Topic Topic(string name) =>
        Hub.Topics.Find(name, out var topic) ? topic : throw new InvalidOperationException($"no topic {name}");

    /// <summary>Appends a batch and waits until it is durable or refused.</summary>
    public async Task<(ErrorCode Error, long Offset)> AppendAsync(string topic, int partition, byte[] bytes)
    {
        var append = Enqueue(topic, partition, bytes, out var completed);
        await completed;
        return (append.Error, append.BaseOffset);
    }

    /// <summary>Queues a batch for the log.</summary>
    public BatchAppend Enqueue(string topic, int partition, byte[] bytes, out Task completed, LogSource? source = null)
    {
        var buffer = new RequestBuffer(bytes.Length, grant: null);
        buffer.GrowAsync(bytes.Length, CancellationToken.None).IsCompletedSuccessfully.ShouldBeTrue();
        bytes.CopyTo(buffer.Room);
        buffer.Add(bytes.Length);
        RecordBatch.TryRead(bytes, out var batch).ShouldBeTrue();
        var round = new ProduceRound(buffer);
        var append = new BatchAppend(
            Topic(topic), Topic(topic).Partitions[partition], buffer.Bytes, batch, round, Hub.Appended, source ?? Source);
        round.AddBatch();
        Hub.Log.Enqueue(append);
        round.Close();
        buffer.Release();
        completed = round.Completion;
        return append;
    }

    /// <summary>All readable records of a partition.</summary>
    public List<(long Offset, string Value)> ReadAll(string topic, int partition = 0)
    {
        var log = Topic(topic).Partitions[partition];
        var all = new List<(long Offset, string Value)>();
        var offset = log.LogStart;
        while (true)
        {
            using var fetched = log.Reader.Read(offset, 1 << 20, atLeastOne: true);
            if (fetched.Length == 0)
            {
                return all;
            }

            var read = Batches.Read(fetched.Bytes.Span);
            all.AddRange(read.Where(r => r.Offset >= offset));
            offset = read[^1].Offset + 1;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Hub.DisposeAsync();
        await _services.DisposeAsync();
    }
}
