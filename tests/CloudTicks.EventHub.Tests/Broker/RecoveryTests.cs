using CloudTicks.EventHub.Disks;
using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Broker;

public sealed class RecoveryTests : IDisposable
{
    private readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task State_survives_restart(bool killed)
    {
        string data;
        Guid cluster, topic;
        long producerId;
        await using (var storage = new TestStorage(_folder.Data))
        {
            cluster = storage.Hub.ClusterId;
            topic = (await storage.CreateAsync("ticks", 2, new TopicSettings { MaxMessageBytes = 5000 })).Id;
            await storage.AppendAsync("ticks", 0, Batches.Of("a", "b"));
            await storage.AppendAsync("ticks", 1, Batches.Of(["c"], producer: 5, epoch: 0, sequence: 0));
            await storage.AppendAsync("ticks", 0, Batches.Of("d"));
            await CommitAsync(storage, "g", "ticks", 1, 1);
            await storage.CreateAsync("gone");
            await storage.AppendAsync("gone", 0, Batches.Of("x"));
            await DeleteAsync(storage, "gone");
            producerId = await storage.Hub.ProducerIds.TakeAsync(TestContext.Current.CancellationToken);
            data = killed ? _folder.Kill() : _folder.Data;
        }

        await using var reopened = new TestStorage(data);
        reopened.Hub.ClusterId.ShouldBe(cluster);
        reopened.Hub.Topics.All.Select(t => t.Name).ShouldBe(["ticks"]);
        reopened.Topic("ticks").Id.ShouldBe(topic);
        reopened.Topic("ticks").Settings.MaxMessageBytes.ShouldBe(5000);
        reopened.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (2, "d")]);
        reopened.ReadAll("ticks", 1).ShouldBe([(0, "c")]);
        reopened.Hub.Offsets.Find("g", new PartitionName("ticks", 1)).ShouldBe(new CommittedOffset(1, -1, "m"));
        (await reopened.Hub.ProducerIds.TakeAsync(TestContext.Current.CancellationToken)).ShouldBeGreaterThan(producerId);
        (await reopened.AppendAsync("ticks", 1, Batches.Of(["c"], producer: 5, epoch: 0, sequence: 0)))
            .ShouldBe((ErrorCode.None, 0L), "a duplicate");
        (await reopened.AppendAsync("ticks", 1, Batches.Of(["e"], producer: 5, epoch: 0, sequence: 2))).Error.ShouldBe(
            ErrorCode.OutOfOrderSequence);
        (await reopened.AppendAsync("ticks", 1, Batches.Of(["e"], producer: 5, epoch: 0, sequence: 1))).ShouldBe((ErrorCode.None, 1L));
        (await reopened.AppendAsync("ticks", 0, Batches.Of("f"))).ShouldBe((ErrorCode.None, 3L));
    }

    [Fact]
    public async Task Producer_ids_differ_after_folder_is_lost()
    {
        long old;
        await using (var storage = new TestStorage(_folder.Data))
        {
            old = await storage.Hub.ProducerIds.TakeAsync(TestContext.Current.CancellationToken);
        }

        Directory.Delete(_folder.Data, recursive: true);
        await using var recreated = new TestStorage(_folder.Data);
        await recreated.CreateAsync("ticks");
        (await recreated.AppendAsync("ticks", 0, Batches.Of(["by the old client"], producer: old, epoch: 0, sequence: 7))).Error.ShouldBe(
            ErrorCode.None);
        var newProducerId = await recreated.Hub.ProducerIds.TakeAsync(TestContext.Current.CancellationToken);

        (await recreated.AppendAsync("ticks", 0, Batches.Of(["by the new one"], producer: newProducerId, epoch: 0, sequence: 0)))
            .ShouldBe((ErrorCode.None, 1L));
    }

    [Fact]
    public async Task Recreated_topic_has_new_id_and_no_commits()
    {
        await using var storage = new TestStorage(_folder.Data);
        var first = await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of("old"));
        await CommitAsync(storage, "g", "ticks", 0, 1);
        await DeleteAsync(storage, "ticks");
        var second = await storage.CreateAsync("ticks");
        second.Id.ShouldNotBe(first.Id);
        storage.ReadAll("ticks").ShouldBeEmpty();
        await storage.AppendAsync("ticks", 0, Batches.Of("new"));

        await using var reopened = new TestStorage(_folder.Kill());
        reopened.Topic("ticks").Id.ShouldBe(second.Id);
        reopened.ReadAll("ticks").ShouldBe([(0, "new")]);
        reopened.Hub.Offsets.Find("g", new PartitionName("ticks", 0)).ShouldBeNull();
    }

    [Fact]
    public async Task Clean_stop_leaves_no_log_to_read()
    {
        await using (var storage = new TestStorage(_folder.Data))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of("a"));
        }

        await using var reopened = new TestStorage(_folder.Data);
        reopened.Log.Lines.ShouldContain(line => line.Contains(" 0 B of log read", StringComparison.Ordinal));
        reopened.ReadAll("ticks").ShouldBe([(0, "a")]);
    }

    [Fact]
    public async Task Kill_during_checkpoints_loses_nothing()
    {
        var disk = new PausableDisk();
        await using var storage = new TestStorage(_folder.Data, disk, checkpointBytes: 1 << 20);
        var values = new List<string>();
        await storage.CreateAsync("ticks", 3, new TopicSettings { SegmentBytes = 3 << 20 });
        for (var i = 0; i < 3000; i++)
        {
            values.Add($"{i} " + new string('x', 20_000));
            var append = storage.Enqueue("ticks", i % 3, Batches.Of(values[i]), out var completed);
            if (i % 8 == 0)
            {
                await completed;
                append.Error.ShouldBe(ErrorCode.None);
            }
        }

        await storage.AppendAsync("ticks", 0, Batches.Of("last"));
        var copy = disk.WhilePaused(_folder.Kill); // possibly in the middle of a checkpoint
        await using var reopened = new TestStorage(copy);
        for (var partition = 0; partition < 3; partition++)
        {
            var expected = values.Where((_, i) => i % 3 == partition).Concat(partition == 0 ? ["last"] : []);
            reopened.ReadAll("ticks", partition).Select(r => r.Value).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Topic_deleted_after_checkpoint_does_not_block_start()
    {
        await using (var storage = new TestStorage(_folder.Data))
        {
            await storage.CreateAsync("gone");
            await storage.AppendAsync("gone", 0, Batches.Of("x"));
        }

        await using var running = new TestStorage(_folder.Data);
        await running.AppendAsync("gone", 0, Batches.Of("y"));
        await DeleteAsync(running, "gone");
        await running.CreateAsync("ticks");
        await using var reopened = new TestStorage(_folder.Kill());
        reopened.Hub.Topics.All.Select(t => t.Name).ShouldBe(["ticks"]);
    }

    [Fact]
    public async Task Missing_newest_log_file_is_reported()
    {
        await using (var storage = new TestStorage(_folder.Data, sizes: new WalSettings { FileBytes = 1, ReserveBytes = 4096 }))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of("a"));
            await storage.AppendAsync("ticks", 0, Batches.Of("b"));
        }

        File.Delete(DataCopy.LogFile(_folder.Data));
        Should.Throw<StorageException>(() => new TestStorage(_folder.Data)).Message.ShouldContain("is missing in");
    }

    private static async Task CommitAsync(TestStorage storage, string group, string topic, int partition, long offset)
    {
        var commit = new OffsetsCommit(
            storage.Hub.Offsets, group, [(storage.Topic(topic), partition, new CommittedOffset(offset, -1, "m"))]);
        storage.Hub.Log.Enqueue(commit);
        await commit.Completion;
    }

    private static async Task DeleteAsync(TestStorage storage, string topic)
    {
        var deletion = new TopicDeletion(storage.Hub.Topics, storage.Hub.Offsets.RemoveTopic, topic);
        storage.Hub.Log.Enqueue(deletion);
        (await deletion.Completion).ShouldBe(ErrorCode.None);
    }
}
