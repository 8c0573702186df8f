using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Broker;

public sealed class DamageTests : IDisposable
{
    private readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Tail_torn_at_any_byte_loses_only_what_was_torn()
    {
        await using var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of("a", "b"));
        var before = new FileInfo(DataCopy.LogFile(_folder.Data)).Length;
        await storage.AppendAsync("ticks", 0, Batches.Of(["last"], producer: 9, epoch: 0, sequence: 0));
        var after = new FileInfo(DataCopy.LogFile(_folder.Data)).Length;
        for (var length = before; length <= after; length++)
        {
            var copy = _folder.Kill();
            DataCopy.KeepOnlyLog(copy);
            using (var log = File.OpenWrite(DataCopy.LogFile(copy)))
            {
                log.SetLength(length);
            }

            for (var start = 0; start < 2; start++)
            {
                await using var again = new TestStorage(copy);
                again.ReadAll("ticks").Select(r => r.Value).Take(3)
                    .ShouldBe(length == after ? ["a", "b", "last"] : ["a", "b"], $"cut at {length}");
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
        await using var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of("a", "b"));
        var before = new FileInfo(DataCopy.LogFile(_folder.Data)).Length;
        await storage.AppendAsync("ticks", 0, Batches.Of("last"));
        var after = new FileInfo(DataCopy.LogFile(_folder.Data)).Length;
        for (var at = before; at < after; at++)
        {
            var copy = _folder.Kill();
            DataCopy.KeepOnlyLog(copy);
            DataCopy.Flip(DataCopy.LogFile(copy), at);
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
        await using var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks");
        await storage.AppendAsync("ticks", 0, Batches.Of("a", "b"));
        var before = new FileInfo(DataCopy.LogFile(_folder.Data)).Length;
        await storage.AppendAsync("ticks", 0, Batches.Of("lost"));
        var after = new FileInfo(DataCopy.LogFile(_folder.Data)).Length;
        await storage.AppendAsync("ticks", 0, Batches.Of("c"));
        for (var at = before; at < after; at++)
        {
            var copy = _folder.Kill();
            DataCopy.KeepOnlyLog(copy);
            DataCopy.Flip(DataCopy.LogFile(copy), at);
            await using (var again = new TestStorage(copy))
            {
                again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (3, "c")], $"flipped at {at}");
                again.Log.Lines.ShouldContain(
                    line => line.Contains("ticks[0] lost 1 records, from offset 2 to 2", StringComparison.Ordinal), $"flipped at {at}");
                (await again.AppendAsync("ticks", 0, Batches.Of("d"))).ShouldBe((ErrorCode.None, 4L));
                again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (3, "c"), (4, "d")]);
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Flip_of_any_byte_in_a_segment_costs_that_batch_only()
    {
        await using (var storage = new TestStorage(_folder.Data))
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
            var copy = _folder.Kill();
            DataCopy.EmptyLog(copy);
            DataCopy.Flip(DataCopy.SegmentFile(copy), at);
            await using (var again = new TestStorage(copy))
            {
                again.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (3, "c"), (4, "d")], $"flipped at {at}");
                again.Log.Lines.ShouldContain(
                    line => line.Contains("ticks[0] is damaged from offset 2 to 2", StringComparison.Ordinal), $"flipped at {at}");
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Lost_indexes_are_rebuilt()
    {
        var values = Enumerable.Range(0, 200).Select(i => $"{i} " + new string('x', 4000)).ToList();
        await using (var storage = new TestStorage(_folder.Data))
        {
            await storage.CreateAsync("ticks", 1, new TopicSettings { SegmentBytes = 200_000 });
            foreach (var value in values)
            {
                await storage.AppendAsync("ticks", 0, Batches.Of(value));
            }
        }

        var indexes = Directory.GetFiles(_folder.Data, "*.index", SearchOption.AllDirectories);
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
                    DataCopy.Flip(indexes[i], length - 20);
                    break;
                default:
                    for (var entry = 0; entry < (length / 32) - 1; entry++)
                    {
                        DataCopy.Flip(indexes[i], (entry * 32) + 5);
                    }

                    break;
            }
        }

        await using var again = new TestStorage(_folder.Data);
        again.ReadAll("ticks").Select(r => r.Value).ShouldBe(values);
        again.Topic("ticks").Partitions[0].Reader.FindTime(Batches.FirstTimestamp)!.Value.Offset.ShouldBe(0);
    }
}
