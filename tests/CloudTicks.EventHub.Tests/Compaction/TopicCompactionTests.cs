using CloudTicks.EventHub.Records;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Compaction;

public sealed class TopicCompactionTests : IDisposable
{
    private const string Topic = CompactedTopic.Name;
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private readonly CompactedTopic _states = new();

    public static TheoryData<int> Codecs { get; } = [0, 1, 2, 3, 4];

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _states.Dispose();

    [Theory]
    [MemberData(nameof(Codecs))]
    public async Task Newest_record_of_each_key_keeps_its_offset(int codec)
    {
        await _states.FillAsync(CompactedTopic.Settings(), rounds: 100, (RecordCodec)codec);
        List<(long Offset, string? Key, string? Value)> served;
        await using (var storage = _states.Open())
        {
            var newest = storage.Topic(Topic).Partitions[0].View().Segments[^1].BaseOffset;
            var bytes = storage.Topic(Topic).Partitions[0].View().Bytes;
            storage.Hub.Compaction.Run(Cancellation);
            served = storage.ReadKeyed(Topic);
            served.ShouldBe(_states.Written.Where(r => r.Offset >= newest || _states.IsNewestBefore(r, newest)));
            storage.Topic(Topic).Partitions[0].View().Bytes.ShouldBeLessThan(bytes / 2);
            storage.Topic(Topic).Partitions[0].LogStart.ShouldBe(0);
            storage.Log.Lines.ShouldContain(line => line.Contains("states[0] is compacted to offset", StringComparison.Ordinal));
        }

        await using var reopened = _states.Open();
        reopened.ReadKeyed(Topic).ShouldBe(served);
        reopened.Hub.Damage.Problem.ShouldBeNull();
        (await _states.AppendAsync(reopened, [("a", "new")])).ShouldBe(_states.Written[^1].Offset);
    }

    [Fact]
    public async Task Every_offset_leads_to_next_remaining_record()
    {
        await _states.FillAsync(CompactedTopic.Settings(), rounds: 30);
        await using var storage = _states.Open();
        storage.Hub.Compaction.Run(Cancellation);
        var log = storage.Topic(Topic).Partitions[0];
        var served = storage.ReadKeyed(Topic).Select(r => r.Offset).ToList();
        for (var offset = 0L; offset < log.HighWatermark; offset++)
        {
            using var fetched = log.Reader.Read(offset, 1, atLeastOne: true);
            RecordBatch.TryRead(fetched.Bytes.Span, out var batch).ShouldBeTrue();
            batch.NextOffset.ShouldBeGreaterThan(offset);
            batch.Count.ShouldBeGreaterThan(0);
            served.First(o => o >= offset).ShouldBeGreaterThanOrEqualTo(batch.BaseOffset);
            served.ShouldContain(o => o >= batch.BaseOffset && o < batch.NextOffset);
        }

        storage.Hub.Damage.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Keys_above_memory_limit_are_compacted_completely()
    {
        await using (var storage = _states.Open())
        {
            await storage.CreateAsync(Topic, 1, CompactedTopic.Settings());
            for (var i = 0; i < 6000; i += 100)
            {
                var keys = Enumerable.Range(i, 100).Select(n => ((string?)$"key {n % 2500}", (string?)$"{n} ".PadRight(100, 'x')));
                await _states.AppendAsync(storage, [.. keys]);
            }
        }

        await using var small = _states.Open(compactionMemory: 1);
        var newest = small.Topic(Topic).Partitions[0].View().Segments[^1].BaseOffset;
        small.Hub.Compaction.Run(Cancellation);
        small.ReadKeyed(Topic).ShouldBe(_states.Written.Where(r => r.Offset >= newest || _states.IsNewestBefore(r, newest)));
    }

    [Fact]
    public async Task Tombstones_are_removed_after_delete_retention()
    {
        await using (var storage = _states.Open())
        {
            await storage.CreateAsync(Topic, 1, CompactedTopic.Settings() with { DeleteRetentionMs = (long)Hour.TotalMilliseconds });
            await _states.AppendAsync(storage, [("gone", "value"), ("kept", "value")]);
            await _states.AppendAsync(storage, [("gone", null)]);
            await _states.RollAsync(storage);
        }

        await using var reopened = _states.Open();
        reopened.Hub.Compaction.Run(Cancellation);
        Keys(reopened).ShouldBe([("kept", "value"), ("gone", null)]);
        _states.Clock.Advance(Hour - TimeSpan.FromMilliseconds(1));
        reopened.Hub.Compaction.Run(Cancellation);
        Keys(reopened).ShouldBe([("kept", "value"), ("gone", null)]);

        _states.Clock.Advance(TimeSpan.FromMilliseconds(1));
        reopened.Hub.Compaction.Run(Cancellation);
        Keys(reopened).ShouldBe([("kept", "value")]);

        static List<(string?, string?)> Keys(TestStorage storage) =>
            [.. storage.ReadKeyed(Topic).Where(r => r.Key is "gone" or "kept").Select(r => (r.Key, r.Value))];
    }

    [Fact]
    public async Task Deleted_keys_disappear_completely()
    {
        await using (var storage = _states.Open())
        {
            await storage.CreateAsync(Topic, 1, CompactedTopic.Settings() with { DeleteRetentionMs = 0 });
            for (var i = 0; i < 20; i++)
            {
                await _states.AppendAsync(storage, [($"key {i}", "value")]);
                await _states.AppendAsync(storage, [($"key {i}", null)]);
            }

            await _states.RollAsync(storage);
        }

        await using var reopened = _states.Open();
        reopened.Hub.Compaction.Run(Cancellation);
        reopened.Hub.Compaction.Run(Cancellation);
        reopened.ReadKeyed(Topic).ShouldAllBe(r => r.Key == "roll");
        reopened.Hub.Damage.Problem.ShouldBeNull();
    }

    [Fact]
    public async Task Records_are_kept_for_min_compaction_lag()
    {
        await _states.FillAsync(CompactedTopic.Settings() with { MinCompactionLagMs = (long)Hour.TotalMilliseconds }, rounds: 30);
        await using var storage = _states.Open();
        _states.Clock.Advance(Hour - TimeSpan.FromMinutes(1));
        storage.Hub.Compaction.Run(Cancellation);
        storage.ReadKeyed(Topic).ShouldBe(_states.Written);

        _states.Clock.Advance(TimeSpan.FromMinutes(2));
        storage.Hub.Compaction.Run(Cancellation);
        storage.ReadKeyed(Topic).Count.ShouldBeLessThan(_states.Written.Count);
    }

    [Fact]
    public async Task Dirty_ratio_or_max_lag_triggers_compaction()
    {
        var settings = CompactedTopic.Settings() with { MinCleanableDirtyRatio = 0.9, MaxCompactionLagMs = (long)Hour.TotalMilliseconds };
        await _states.FillAsync(settings, rounds: 30, keys: 400);
        await using (var storage = _states.Open())
        {
            storage.Hub.Compaction.Run(Cancellation);
        }

        _states.Clock.Advance(TimeSpan.FromMinutes(10));
        await _states.FillAsync(settings, rounds: 4, keys: 400);
        await using var reopened = _states.Open();
        var before = reopened.ReadKeyed(Topic);
        reopened.Hub.Compaction.Run(Cancellation);
        reopened.ReadKeyed(Topic).ShouldBe(before, "only a small part is new");

        _states.Clock.Advance(Hour);
        reopened.Hub.Compaction.Run(Cancellation);
        reopened.ReadKeyed(Topic).Count.ShouldBeLessThan(before.Count);
    }

    [Fact]
    public async Task Compacted_topic_with_retention_expires()
    {
        await _states.FillAsync(CompactedTopic.Settings("compact,delete") with { RetentionMs = (long)Hour.TotalMilliseconds }, rounds: 30);
        await using var storage = _states.Open();
        storage.Hub.Compaction.Run(Cancellation);
        _states.Clock.Advance(Hour + Hour);
        await _states.AppendAsync(storage, [("z", "new")]);
        await storage.Hub.Retention.EnforceAsync(Cancellation);
        storage.ReadKeyed(Topic).Select(r => r.Key).ShouldBe(["z"]);
    }

    [Fact]
    public async Task Duplicates_are_detected_after_compaction_and_restart()
    {
        await using (var storage = _states.Open())
        {
            await storage.CreateAsync(Topic, 1, CompactedTopic.Settings());
            for (var i = 0; i < 30; i++)
            {
                (await storage.AppendAsync(Topic, 0, Idempotent(i))).ShouldBe((ErrorCode.None, i));
            }
        }

        await using (var storage = _states.Open())
        {
            storage.Hub.Compaction.Run(Cancellation);
            storage.ReadKeyed(Topic).Count.ShouldBeLessThan(30);
        }

        await using var reopened = _states.Open();
        (await reopened.AppendAsync(Topic, 0, Idempotent(28))).ShouldBe((ErrorCode.None, 28L), "a duplicate");
        (await reopened.AppendAsync(Topic, 0, Idempotent(30))).ShouldBe((ErrorCode.None, 30L));
        (await reopened.AppendAsync(Topic, 0, Idempotent(32))).Error.ShouldBe(ErrorCode.OutOfOrderSequence);

        byte[] Idempotent(int i) => KeyedBatches.Of([("a", $"{i} ".PadRight(8000, 'x'))], _states.Clock.Now, producer: 7, sequence: i);
    }
}
