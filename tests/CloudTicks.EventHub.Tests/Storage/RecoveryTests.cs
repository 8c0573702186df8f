using CloudTicks.EventHub.Groups;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Protocol;
using CloudTicks.EventHub.Storage;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.TestServices;

namespace CloudTicks.EventHub.Tests.Storage;

public sealed class RecoveryTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private int _copies;

    private string Data => _folder.File("hub");

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Everything_survives_a_restart(bool killed)
    {
        string data;
        Guid cluster, topic;
        long producerId;
        await using (var storage = new TestStorage(Data))
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
            data = killed ? Kill() : Data;
        }

        await using var again = new TestStorage(data);
        again.Hub.ClusterId.ShouldBe(cluster);
        again.Hub.Topics.All.Select(t => t.Name).ShouldBe(["ticks"]);
        again.Topic("ticks").Id.ShouldBe(topic);
        again.Topic("ticks").Settings.MaxMessageBytes.ShouldBe(5000);
        again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (2, "d")]);
        again.ReadAll("ticks", 1).ShouldBe([(0, "c")]);
        again.Hub.Offsets.Find("g", new PartitionName("ticks", 1)).ShouldBe(new CommittedOffset(1, -1, "m"));
        (await again.Hub.ProducerIds.TakeAsync(TestContext.Current.CancellationToken)).ShouldBeGreaterThan(producerId);
        (await again.AppendAsync("ticks", 1, Batches.Of(["c"], producer: 5, epoch: 0, sequence: 0))).ShouldBe((ErrorCode.None, 0L), "a repeat");
        (await again.AppendAsync("ticks", 1, Batches.Of(["e"], producer: 5, epoch: 0, sequence: 2))).Error.ShouldBe(ErrorCode.OutOfOrderSequence);
        (await again.AppendAsync("ticks", 1, Batches.Of(["e"], producer: 5, epoch: 0, sequence: 1))).ShouldBe((ErrorCode.None, 1L));
        (await again.AppendAsync("ticks", 0, Batches.Of("f"))).ShouldBe((ErrorCode.None, 3L));
    }

    [Fact]
    public async Task Topic_made_again_has_another_id_and_no_commits()
    {
        await using var storage = new TestStorage(Data);
        var first = await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of("old"));
        await CommitAsync(storage, "g", "ticks", 0, 1);
        await DeleteAsync(storage, "ticks");
        var second = await storage.CreateAsync("ticks");
        second.Id.ShouldNotBe(first.Id);
        storage.ReadAll("ticks").ShouldBeEmpty();
        await storage.AppendAsync("ticks", 0, Batches.Of("new"));

        await using var again = new TestStorage(Kill());
        again.Topic("ticks").Id.ShouldBe(second.Id);
        again.ReadAll("ticks").ShouldBe([(0, "new")]);
        again.Hub.Offsets.Find("g", new PartitionName("ticks", 0)).ShouldBeNull();
    }

    [Fact]
    public async Task Clean_stop_leaves_no_log_to_read()
    {
        await using (var storage = new TestStorage(Data))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of("a"));
        }

        await using var again = new TestStorage(Data);
        again.Log.Lines.ShouldContain(line => line.Contains(" 0 bytes of log read", StringComparison.Ordinal));
        again.ReadAll("ticks").ShouldBe([(0, "a")]);
    }

    [Fact]
    public async Task Checkpoints_bound_the_log_and_recovery()
    {
        await using var storage = new TestStorage(Data, checkpointBytes: 1 << 20);
        var values = new List<string>();
        await storage.CreateAsync("ticks", 3, new TopicSettings { SegmentBytes = 3 << 20 });
        for (var i = 0; i < 3000; i++)
        {
            values.Add($"{i} " + new string('x', 20_000));
            var append = storage.Enqueue("ticks", i % 3, Batches.Of(values[i]), out var answered);
            if (i % 8 == 0)
            {
                await answered;
                append.Error.ShouldBe(ErrorCode.None);
            }
        }

        await storage.AppendAsync("ticks", 0, Batches.Of("last"));
        var copy = Kill();
        Directory.GetFiles(Path.Combine(copy, "log")).Length.ShouldBeLessThan(5, "the files before the checkpoint are gone");
        await using var again = new TestStorage(copy);
        for (var partition = 0; partition < 3; partition++)
        {
            var expected = values.Where((_, i) => i % 3 == partition).Concat(partition == 0 ? ["last"] : []);
            again.ReadAll("ticks", partition).Select(r => r.Value).ShouldBe(expected);
        }
    }

    [Fact]
    public async Task Tail_torn_at_any_byte_loses_only_what_was_torn()
    {
        await using var storage = new TestStorage(Data);
        await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of("a", "b"));
        var before = new FileInfo(DataCopy.LogFile(Data)).Length;
        await storage.AppendAsync("ticks", 0, Batches.Of(["last"], producer: 9, epoch: 0, sequence: 0));
        var after = new FileInfo(DataCopy.LogFile(Data)).Length;
        for (var length = before; length <= after; length++)
        {
            var copy = Kill();
            using (var log = File.OpenWrite(DataCopy.LogFile(copy)))
            {
                log.SetLength(length);
            }

            for (var start = 0; start < 2; start++)
            {
                await using var again = new TestStorage(copy);
                again.ReadAll("ticks").Select(r => r.Value).Take(3).ShouldBe(length == after ? ["a", "b", "last"] : ["a", "b"], $"cut at {length}");
            }

            await using var third = new TestStorage(copy);
            (await third.AppendAsync("ticks", 0, Batches.Of(["last"], producer: 9, epoch: 0, sequence: 0))).ShouldBe((ErrorCode.None, 2L));
            third.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (2, "last")]);
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Flip_of_any_byte_of_the_last_batch_serves_nothing_wrong()
    {
        await using var storage = new TestStorage(Data);
        await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of("a", "b"));
        var before = new FileInfo(DataCopy.LogFile(Data)).Length;
        await storage.AppendAsync("ticks", 0, Batches.Of("last"));
        var after = new FileInfo(DataCopy.LogFile(Data)).Length;
        for (var at = before; at < after; at++)
        {
            var copy = Kill();
            Flip(DataCopy.LogFile(copy), at);
            await using (var again = new TestStorage(copy))
            {
                again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b")], $"flipped at {at}");
                again.Log.Lines.ShouldContain(line => line.Contains("unfinished write", StringComparison.Ordinal));
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Flip_of_any_byte_in_the_middle_of_the_log_costs_that_batch_only()
    {
        await using var storage = new TestStorage(Data);
        await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of("a", "b"));
        var before = new FileInfo(DataCopy.LogFile(Data)).Length;
        await storage.AppendAsync("ticks", 0, Batches.Of("lost"));
        var after = new FileInfo(DataCopy.LogFile(Data)).Length;
        await storage.AppendAsync("ticks", 0, Batches.Of("c"));
        for (var at = before; at < after; at++)
        {
            var copy = Kill();
            Flip(DataCopy.LogFile(copy), at);
            await using (var again = new TestStorage(copy))
            {
                again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (3, "c")], $"flipped at {at}");
                again.Log.Lines.ShouldContain(line => line.Contains("ticks[0] is damaged from offset 2 to 2", StringComparison.Ordinal), $"flipped at {at}");
                (await again.AppendAsync("ticks", 0, Batches.Of("d"))).ShouldBe((ErrorCode.None, 4L));
                again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (3, "c"), (4, "d")]);
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Flip_of_any_byte_in_a_segment_costs_that_batch_only()
    {
        await using (var storage = new TestStorage(Data))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of("a", "b"));
            await storage.AppendAsync("ticks", 0, Batches.Of("lost"));
            await storage.AppendAsync("ticks", 0, Batches.Of("c"));
            await storage.AppendAsync("ticks", 0, Batches.Of("d"));
        }

        var first = Batches.Of("a", "b").Length;
        for (var at = first; at < first + Batches.Of("lost").Length; at++)
        {
            var copy = Kill();
            Flip(DataCopy.SegmentFile(copy), at);
            await using (var again = new TestStorage(copy))
            {
                again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (3, "c"), (4, "d")], $"flipped at {at}");
                again.Log.Lines.ShouldContain(line => line.Contains("ticks[0] is damaged from offset 2 to 2", StringComparison.Ordinal), $"flipped at {at}");
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Lost_indexes_are_rebuilt()
    {
        var values = Enumerable.Range(0, 200).Select(i => $"{i} " + new string('x', 4000)).ToList();
        await using (var storage = new TestStorage(Data))
        {
            await storage.CreateAsync("ticks", 1, new TopicSettings { SegmentBytes = 200_000 });
            foreach (var value in values)
            {
                await storage.AppendAsync("ticks", 0, Batches.Of(value));
            }
        }

        var indexes = Directory.GetFiles(Data, "*.index", SearchOption.AllDirectories);
        indexes.Length.ShouldBeGreaterThan(3);
        for (var i = 0; i < indexes.Length; i++)
        {
            var length = new FileInfo(indexes[i]).Length;
            switch (i % 3)
            {
                case 0:
                    File.Delete(indexes[i]);
                    break;
                case 1:
                    Flip(indexes[i], length - 20);
                    break;
                default:
                    for (var entry = 0; entry < (length / 32) - 1; entry++)
                    {
                        Flip(indexes[i], (entry * 32) + 5);
                    }

                    break;
            }
        }

        await using var again = new TestStorage(Data);
        again.ReadAll("ticks").Select(r => r.Value).ShouldBe(values);
        again.Topic("ticks").Partitions[0].Reader.FindTime(Batches.FirstTimestamp)!.Value.Offset.ShouldBe(0);
    }

    [Fact]
    public async Task Segments_cut_behind_the_checkpoint_are_filled_from_the_log()
    {
        await using var storage = new TestStorage(Data);
        await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of("a"));
        await storage.AppendAsync("ticks", 0, Batches.Of("b"));
        var copy = Kill();
        using (var segment = File.OpenWrite(DataCopy.SegmentFile(copy)))
        {
            segment.SetLength(40);
        }

        await using var again = new TestStorage(copy);
        again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b")]);
    }

    [Fact]
    public async Task Missing_log_file_is_said_not_skipped()
    {
        await using (var storage = new TestStorage(Data))
        {
            await storage.CreateAsync("ticks");
            await storage.AppendAsync("ticks", 0, Batches.Of("a"));
            Kill();
        }

        var copy = _folder.File("copy1");
        File.Move(DataCopy.LogFile(copy), Path.Combine(copy, "log", "00000000000000009999.log"));
        Should.Throw<StorageException>(() => new TestStorage(copy)).Message.ShouldContain("files are gone");
    }

    [Fact]
    public async Task Second_hub_on_the_same_folder_is_refused()
    {
        await using var first = new TestStorage(Data);
        Should.Throw<StorageException>(() => new TestStorage(Data)).Message.ShouldContain("in use by another event hub");
    }

    [Fact]
    public async Task Unknown_format_version_is_refused()
    {
        await new TestStorage(Data).DisposeAsync();
        var file = Path.Combine(Data, "format");
        File.WriteAllText(file, File.ReadAllText(file).Replace("cloudticks-eventhub 1", "cloudticks-eventhub 2", StringComparison.Ordinal));
        Should.Throw<StorageException>(() => new TestStorage(Data)).Message.ShouldContain("format version 2");
        File.WriteAllText(file, "something else");
        Should.Throw<StorageException>(() => new TestStorage(Data)).Message.ShouldContain("not the format file");
        File.Delete(file);
        Should.Throw<StorageException>(() => new TestStorage(Data)).Message.ShouldContain("not whole");
    }

    [Fact]
    public async Task Damaged_checkpoint_is_refused()
    {
        await new TestStorage(Data).DisposeAsync();
        Flip(Path.Combine(Data, "snapshot"), 20);
        Should.Throw<StorageException>(() => new TestStorage(Data)).Message.ShouldContain("is damaged");
    }

    private static async Task CommitAsync(TestStorage storage, string group, string topic, int partition, long offset)
    {
        var commit = new OffsetsCommit(storage.Hub.Offsets, group, [(storage.Topic(topic), partition, new CommittedOffset(offset, -1, "m"))]);
        storage.Hub.Log.Enqueue(commit);
        await commit.Answer;
    }

    private static async Task DeleteAsync(TestStorage storage, string topic)
    {
        var deletion = new TopicDeletion(storage.Hub.Topics, storage.Hub.Offsets, topic);
        storage.Hub.Log.Enqueue(deletion);
        (await deletion.Answer).ShouldBe(ErrorCode.None);
    }

    private static void Flip(string file, long at)
    {
        using var stream = new FileStream(file, FileMode.Open, FileAccess.ReadWrite);
        stream.Position = at;
        var value = stream.ReadByte();
        stream.Position = at;
        stream.WriteByte((byte)(value ^ 0x10));
    }

    private string Kill() => DataCopy.Take(Data, _folder.File($"copy{++_copies}"));
}
