using CloudTicks.EventStream;
using CloudTicks.EventStream.Producing;
using CloudTicks.EventStream.Topics;
using CloudTicks.Replay.Topic;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Microsoft.Extensions.DependencyInjection;

namespace CloudTicks.Cli.Replaying.Targets;

internal sealed class TopicTarget(EventStreamConnection connection, string topic, TimeProvider time) : IReplayTarget
{
    private static readonly TimeSpan HubTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(1);

    private ServiceProvider? _services;
    private RecordProducer? _producer;
    private ReplayTopicWriter? _writer;

    public string Name => $"topic {topic} of {connection}";

    public bool IsFull => _writer!.IsFull;

    public bool AcceptsGaps => false;

    public string? Fault => _producer switch
    {
        { Fatal.IsCompletedSuccessfully: true } failed => failed.Fatal.GetAwaiter().GetResult().Message,
        { HubOutageDuration: { } away } when away > MaxWait =>
            $"{connection} has acknowledged nothing for {away.TotalSeconds:0} s. Acknowledged ticks stay; "
                + "run the replay again when it answers.",
        _ => null,
    };

    public IEnumerable<(string Name, long Number)> Results => [("records", _writer?.Acknowledged ?? 0)];

    public async Task OpenAsync(CancellationToken cancellationToken)
    {
        var partitions = await ArchiveTopics.EnsureForReplayAsync(connection, topic, HubTimeout, time, cancellationToken);
        _services = new ServiceCollection().AddLogging().AddMetrics().AddSingleton(time).AddSingleton(connection)
            .AddOptions<RecordProducerOptions>().Services
            .AddSingleton<RecordProducerMetrics>().AddSingleton<RecordProducer>().BuildServiceProvider();
        _producer = _services.GetRequiredService<RecordProducer>();
        _writer = new ReplayTopicWriter(_producer, topic, partitions);
    }

    public ValueTask AddGapAsync(FeedGap gap, CancellationToken cancellationToken) => ValueTask.CompletedTask;

    public void Add(scoped in Tick tick, TickSource source, ulong identity, int partition) => _writer!.Add(tick);

    public Task DeliverAsync(string? feed, bool all, CancellationToken cancellationToken) =>
        _writer!.SendAsync(feed, all, cancellationToken);

    public Task CompleteAsync(CancellationToken cancellationToken) => _writer!.CompleteAsync(cancellationToken);

    public async ValueTask DisposeAsync()
    {
        if (_services is not null)
        {
            await _services.DisposeAsync();
        }
    }
}
