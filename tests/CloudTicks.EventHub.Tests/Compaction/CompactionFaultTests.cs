using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;

namespace CloudTicks.EventHub.Tests.Compaction;

/// <summary>Damage, a full disk, and the deletion of a topic during its compaction.</summary>
public sealed class CompactionFaultTests : IDisposable
{
    private const string Topic = CompactedTopic.Name;
    private readonly CompactedTopic _states = new();

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _states.Dispose();

    [Fact]
    public async Task Damaged_segment_is_kept_and_reported()
    {
        await _states.FillAsync(CompactedTopic.Settings(), rounds: 30);
        await using var storage = _states.Open();
        var damagedSegment = storage.Topic(Topic).Partitions[0].View().Segments[1];
        DataCopy.FlipBatch(_states.Folder.Data, (int)damagedSegment.BaseOffset / 10, 70);
        storage.Hub.Compaction.Run(Cancellation);
        storage.Topic(Topic).Partitions[0].View().Segments.ShouldContain(damagedSegment);
        storage.Log.Lines.ShouldContain(line => line.Contains("is damaged from offset", StringComparison.Ordinal));
        var newest = storage.Topic(Topic).Partitions[0].View().Segments[^1].BaseOffset;
        _states.Written.Where(r => _states.IsNewestBefore(r, newest)).ShouldBeSubsetOf(storage.ReadKeyed(Topic));
        storage.ReadKeyed(Topic).Count.ShouldBeLessThan(_states.Written.Count - 100);
    }

    [Fact]
    public async Task Topic_deleted_during_compaction_leaves_no_files()
    {
        await _states.FillAsync(CompactedTopic.Settings(), rounds: 30);
        var disk = new FaultyDisk();
        await using var storage = _states.Open(disk);
        var folder = storage.Topic(Topic).Folder;
        var deletion = new TopicDeletion(storage.Hub.Topics, storage.Hub.Offsets.RemoveTopic, Topic);
        var (compacting, deleted) = (Environment.CurrentManagedThreadId, false);
        disk.BeforeFlush = () =>
        {
            if (Environment.CurrentManagedThreadId == compacting && !deleted)
            {
                deleted = true;
                storage.Hub.Log.Enqueue(deletion);
                SpinWait.SpinUntil(() => deletion.Completion.IsCompleted);
            }
        };
        storage.Hub.Compaction.Run(Cancellation);
        deleted.ShouldBeTrue();
        Directory.Exists(folder).ShouldBeFalse();
        storage.Failure.Task.IsCompleted.ShouldBeFalse();
        storage.Log.Lines.ShouldNotContain(line => line.Contains("could not be compacted", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Full_disk_postpones_compaction(bool hasSomeRoom)
    {
        await _states.FillAsync(CompactedTopic.Settings(), rounds: 30);
        var disk = new FaultyDisk { AppliesTo = path => path.EndsWith(".next", StringComparison.Ordinal) };
        await using var storage = _states.Open(disk, minFreeBytes: hasSomeRoom ? 0 : long.MaxValue);
        disk.Full = true;
        storage.Hub.Compaction.Run(Cancellation);
        storage.ReadKeyed(Topic).ShouldBe(_states.Written);
        storage.Log.Lines.ShouldContain(line => line.Contains("states[0] could not be compacted", StringComparison.Ordinal));
        Directory.GetFiles(_states.Folder.Data, "*.next", SearchOption.AllDirectories).ShouldBeEmpty();
        disk.Full = false;
        if (hasSomeRoom)
        {
            storage.Hub.Compaction.Run(Cancellation);
            storage.ReadKeyed(Topic).Count.ShouldBeLessThan(_states.Written.Count);
        }
    }
}
