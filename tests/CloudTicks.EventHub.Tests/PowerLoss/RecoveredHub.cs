using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Tests.PowerLoss;

/// <summary>Starts the storage on a disk after a power cut, and compares it with what was acknowledged.</summary>
internal static class RecoveredHub
{
    public static async Task CheckAsync(
        string folder, Disk disk, RandomRun run, Ledger acknowledged, bool twice, CancellationToken cancellationToken)
    {
        await using (var storage = new TestStorage(folder, disk, sizes: RandomRun.Sizes))
        {
            storage.Log.Lines.Where(line => line.Contains("damaged", StringComparison.Ordinal)).ShouldBeEmpty("a power cut is not damage");
            if (acknowledged.Cluster is { } cluster)
            {
                storage.Hub.ClusterId.ShouldBe(cluster);
            }

            var topics = storage.Hub.Topics.All.Select(t => t.Name).ToList();
            acknowledged.Topics.ShouldBeSubsetOf(topics);
            topics.Intersect(acknowledged.Deleted).ShouldBeEmpty();
            foreach (var at in RandomRun.Partitions.Where(p => topics.Contains(p.Topic)))
            {
                await CheckPartitionAsync(storage, at, run, acknowledged);
            }

            if (topics.Contains("bars"))
            {
                storage.Topic("bars").Settings.MinCompactionLagMs.ShouldBeGreaterThanOrEqualTo(acknowledged.MinCompactionLag);
            }

            var committed = storage.Hub.Offsets.Find(RandomRun.Group, new PartitionName("ticks", 0))?.Offset ?? -1;
            committed.ShouldBeGreaterThanOrEqualTo(acknowledged.Committed);
            (await storage.Hub.ProducerIds.TakeAsync(cancellationToken)).ShouldBeGreaterThan(acknowledged.ProducerId);
            storage.Failure.Task.IsCompleted.ShouldBeFalse();
        }

        if (twice)
        {
            await using var reopened = new TestStorage(folder, disk, sizes: RandomRun.Sizes);
            foreach (var at in RandomRun.Partitions.Where(p => reopened.Hub.Topics.Find(p.Topic, out _)))
            {
                var partition = reopened.Topic(at.Topic).Partitions[at.Partition];
                reopened.ReadAll(at.Topic, at.Partition).ShouldBe(Values(run.Sent[at], partition.LogStart, partition.HighWatermark));
            }
        }
    }

    /// <summary>
    /// The records must be a prefix of what was sent, and contain what was acknowledged. Then the producer repeats what was not
    /// acknowledged: every record must exist once.
    /// </summary>
    private static async Task CheckPartitionAsync(
        TestStorage storage, (string Topic, int Partition) at, RandomRun run, Ledger acknowledged)
    {
        var sent = run.Sent[at];
        var partition = storage.Topic(at.Topic).Partitions[at.Partition];
        var (start, end) = (partition.LogStart, partition.HighWatermark);
        start.ShouldBeGreaterThanOrEqualTo(acknowledged.Starts[at], $"{at}: deleted records reappeared");
        run.Starts[at].ShouldContain(start);
        end.ShouldBeGreaterThanOrEqualTo(acknowledged.Records[at], $"{at}: records lost");
        storage.ReadAll(at.Topic, at.Partition).ShouldBe(Values(sent, start, end), $"{at}: order, values and offsets");
        var repeatedBatches = sent.SkipWhile(b => b.FirstOffset < acknowledged.Records[at]).TakeWhile(b => b.FirstOffset <= end).ToList();
        foreach (var batch in repeatedBatches)
        {
            (await storage.AppendAsync(at.Topic, at.Partition, batch.Bytes(at))).ShouldBe((ErrorCode.None, batch.FirstOffset), $"{at}");
        }

        var finalEnd = repeatedBatches.Count == 0 ? end : Math.Max(end, repeatedBatches[^1].NextOffset);
        storage.ReadAll(at.Topic, at.Partition).ShouldBe(Values(sent, start, finalEnd), $"{at}: after the producer repeated its batches");
    }

    private static IEnumerable<(long Offset, string Value)> Values(List<SentBatch> sent, long start, long end) =>
        sent.SelectMany(b => b.Values.Select((value, i) => (Offset: b.FirstOffset + i, value))).SkipWhile(r => r.Offset < start)
            .TakeWhile(r => r.Offset < end);
}
