using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;
using CloudTicks.TestServices.PowerLoss;

namespace CloudTicks.EventHub.Tests.PowerLoss;

/// <summary>
/// A random run of the storage with a seed: idempotent batches to several partitions, commits, created and deleted topics, changed
/// settings, moved starts, producer ids, rolling segments and log files, checkpoints, and a restart. Several clients send batches; large
/// batches are written in slices. This class records what the storage acknowledges, and when.
/// </summary>
internal sealed class RandomRun(string folder, RecordingDisk disk, int seed, int steps)
{
    public const string Group = "g";
    public static readonly (string Topic, int Partition)[] Partitions = [("ticks", 0), ("ticks", 1), ("bars", 0)];

    public static readonly WalSettings Sizes = new()
    {
        CheckpointBytes = 3000,
        FileBytes = 1100,
        MemoryBytes = 1,
        ReserveBytes = 64,
        MaxBytes = 500,
        SharedBytes = 500,
        SliceBytes = 300,
    };

    private readonly Dictionary<string, LogSource> _sources = Partitions.Select(p => p.Topic).Distinct()
        .ToDictionary(topic => topic, _ => new LogSource());

    private readonly Random _random = new(seed);
    private readonly Ledger _current = new();
    private readonly List<Ledger> _acknowledged = [];

    public int Seed => seed;

    /// <summary>All sent batches by partition.</summary>
    public Dictionary<(string Topic, int Partition), List<SentBatch>> Sent { get; } = Partitions.ToDictionary(
        p => p, _ => new List<SentBatch>());

    /// <summary>All log starts that the run requested, by partition.</summary>
    public Dictionary<(string Topic, int Partition), List<long>> Starts { get; } = Partitions.ToDictionary(
        p => p, _ => new List<long> { 0 });

    /// <summary>The acknowledged state after a number of disk operations.</summary>
    public Ledger AcknowledgedAt(int operations) => _acknowledged.LastOrDefault(l => l.Operations <= operations) ?? new Ledger();

    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var storage = new TestStorage(folder, disk, sizes: Sizes);
        try
        {
            var settings = new TopicSettings { SegmentBytes = 1500 };
            await storage.CreateAsync("ticks", 2, settings);
            await storage.CreateAsync("bars", 1, settings);
            _current.Cluster = storage.Hub.ClusterId;
            _current.Topics.UnionWith(["ticks", "bars"]);
            await AcknowledgeAsync(storage);
            var before = Task.CompletedTask;
            for (var step = 0; step < steps; step++)
            {
                Send(storage);
                if (_random.Next(4) == 0)
                {
                    await RunOtherStepAsync(storage, step, cancellationToken);
                }

                var acknowledged = AcknowledgeAsync(storage);
                await before; // at most four batches in flight: only repeats of the last five are detected
                before = acknowledged;
                if (step == steps / 2)
                {
                    await before;
                    await storage.DisposeAsync();
                    storage = new TestStorage(folder, disk, sizes: Sizes);
                }
            }

            await before;
        }
        finally
        {
            await storage.DisposeAsync();
        }
    }

    private void Send(TestStorage storage)
    {
        for (var batches = _random.Next(1, 3); batches > 0; batches--)
        {
            var at = Partitions[_random.Next(Partitions.Length)];
            var sent = Sent[at];
            var first = sent.Count == 0 ? 0 : sent[^1].NextOffset;
            var size = _random.Next(8) == 0 ? 700 : 20;
            var values = Enumerable.Range(0, _random.Next(1, 4)).Select(i => $"{at.Topic} {at.Partition} {first + i} ".PadRight(size, 'x'))
                .ToList();
            sent.Add(new SentBatch(first, values));
            storage.Enqueue(at.Topic, at.Partition, sent[^1].Bytes(at), out _, _sources[at.Topic]);
            _current.Records[at] = (int)sent[^1].NextOffset;
        }
    }

    private async Task RunOtherStepAsync(TestStorage storage, int step, CancellationToken cancellationToken)
    {
        switch (_random.Next(8))
        {
            case 0:
                _current.ProducerId = await storage.Hub.ProducerIds.TakeAsync(cancellationToken);
                break;
            case 1:
                await storage.CreateAsync($"passing-{step}", 1, new TopicSettings { SegmentBytes = 1500 });
                _current.Topics.Add($"passing-{step}");
                storage.Enqueue($"passing-{step}", 0, Batches.Of($"x {step}"), out _);
                break;
            case 2 when _current.Topics.FirstOrDefault(t => t.StartsWith("passing", StringComparison.Ordinal)) is { } name:
                _current.Topics.Remove(name); // the topic may or may not exist during its deletion
                var deletion = new TopicDeletion(storage.Hub.Topics, storage.Hub.Offsets.RemoveTopic, name);
                await AcknowledgeAsync(storage);
                storage.Hub.Log.Enqueue(deletion);
                (await deletion.Completion).ShouldBe(ErrorCode.None);
                _current.Deleted.Add(name);
                break;
            case 3 or 4:
                var at = Partitions[_random.Next(Partitions.Length)];
                await AcknowledgeAsync(storage);
                Starts[at].Add(_random.Next(_current.Starts[at], _current.Records[at] + 1));
                var move = new LogStartMove(storage.Topic(at.Topic), storage.Topic(at.Topic).Partitions[at.Partition], Starts[at][^1]);
                (await storage.Hub.Starts.MoveAsync([move])).ShouldBe([ErrorCode.None]);
                _current.Starts[at] = (int)Starts[at][^1];
                break;
            case 5:
                await AcknowledgeAsync(storage);
                storage.Hub.Reclaim.Run(cancellationToken);
                break;
            case 6:
                var lag = ++_current.MinCompactionLag;
                storage.Hub.Log.Enqueue(
                    new SettingsChange(storage.Hub.Topics, "bars", before => (before with { MinCompactionLagMs = lag }, null)));
                break;
            default:
                _current.Committed = _current.Records[("ticks", 0)];
                var commit = new OffsetsCommit(
                    storage.Hub.Offsets, Group, [(storage.Topic("ticks"), 0, new CommittedOffset(_current.Committed, -1, ""))]);
                storage.Hub.Log.Enqueue(commit);
                break;
        }
    }

    /// <summary>Records the current state as acknowledged when the storage acknowledges it.</summary>
    private async Task AcknowledgeAsync(TestStorage storage)
    {
        var (ledger, open) = (_current.Copy(), _sources.Count);
        var entries = _sources.Values.Select(source => new Acknowledgement(source, () =>
        {
            if (--open > 0)
            {
                return; // no lock is needed: entries complete one at a time
            }

            ledger.Operations = disk.Count;
            lock (_acknowledged)
            {
                _acknowledged.Add(ledger);
            }
        })).ToList();
        entries.ForEach(storage.Hub.Log.Enqueue);
        await Task.WhenAll(entries.Select(entry => entry.Completion));
    }

    /// <summary>A log entry that writes nothing and completes after all earlier entries of the same client.</summary>
    private sealed class Acknowledgement(LogSource source, Action onComplete) : LogEntry
    {
        private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Completion => _completion.Task;

        public override RecordKind Kind => RecordKind.Batch;

        public override LogSource Source => source;

        public override EntryPayload Payload => default;

        public override bool Prepare() => false;

        public override void Complete()
        {
            onComplete();
            _completion.SetResult();
        }

        public override void Fail(LogFailure reason) => _completion.SetException(new LogUnavailableException(reason));
    }
}
