using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wal;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Broker;

public sealed class DamageTests : IDisposable
{
    private readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Truncation_at_any_byte_loses_only_the_tail()
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
            DataCopy.DeleteAcknowledged(copy);
            using (var log = File.OpenWrite(DataCopy.LogFile(copy)))
            {
                log.SetLength(length);
            }

            for (var start = 0; start < 2; start++)
            {
                await using var reopened = new TestStorage(copy);
                reopened.ReadAll("ticks").Select(r => r.Value).Take(3)
                    .ShouldBe(length == after ? ["a", "b", "last"] : ["a", "b"], $"cut at {length}");
            }

            await using var third = new TestStorage(copy);
            (await third.AppendAsync("ticks", 0, Batches.Of(["last"], producer: 9, epoch: 0, sequence: 0))).ShouldBe((ErrorCode.None, 2L));
            third.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b"), (2, "last")]);
            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Flipped_bit_in_last_batch_loses_only_that_batch()
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
            DataCopy.DeleteAcknowledged(copy);
            DataCopy.Flip(DataCopy.LogFile(copy), at);
            await using (var reopened = new TestStorage(copy))
            {
                reopened.ReadAll("ticks").ShouldBe([(0, "a"), (1, "b")], $"flipped at {at}");
                reopened.Log.Lines.ShouldContain(line => line.Contains("unfinished write", StringComparison.Ordinal));
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Flipped_bit_in_middle_of_log_loses_at_most_its_batch()
    {
        await using var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks", 2);
        await storage.AppendAsync("ticks", 0, Batches.Of("a", "b"));
        await storage.AppendAsync("ticks", 0, Batches.Of("hit"));
        await storage.AppendAsync("ticks", 0, Batches.Of("c"));
        var batch = DataCopy.Batches(DataCopy.LogFile(_folder.Data))[1];
        for (var at = batch - WalRecord.HeaderBytes - BatchAddress.Bytes; at < batch + Batches.Of("hit").Length; at++)
        {
            var copy = _folder.Kill();
            DataCopy.DeleteAcknowledged(copy);
            DataCopy.Flip(DataCopy.LogFile(copy), at);
            for (var start = 0; start < 2; start++)
            {
                await using var reopened = new TestStorage(copy);
                reopened.ReadAll("ticks").Select(r => r.Value).Take(4).ShouldBe(
                    at < batch ? ["a", "b", "hit", "c"] : start == 0 ? ["a", "b", "c"] : ["a", "b", "c", "d"], $"flipped at {at - batch}");
                reopened.ReadAll("ticks", 1).ShouldBeEmpty();
                reopened.Log.Lines.Any(line => line.Contains("ticks[0] lost 1 records, from offset 2 to 2", StringComparison.Ordinal))
                    .ShouldBe(at >= batch && start == 0, $"flipped at {at - batch}");
                (await reopened.AppendAsync("ticks", 0, Batches.Of("d"))).ShouldBe((ErrorCode.None, 4L + start));
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Fact]
    public async Task Flipped_bit_in_indexed_file_loses_at_most_its_batch()
    {
        var sizes = new WalSettings { FileBytes = 1000, ReserveBytes = 4096 };
        await using (var storage = new TestStorage(_folder.Data, sizes: sizes))
        {
            await storage.CreateAsync("ticks");
            for (var i = 0; i < 20; i++)
            {
                await storage.AppendAsync("ticks", 0, Batches.Of($"{i}"));
            }
        }

        var file = DataCopy.LogFiles(_folder.Data)[1];
        var batches = DataCopy.Batches(file);
        var batchEnds = batches.Skip(1).Select(b => b - WalRecord.HeaderBytes - BatchAddress.Bytes)
            .Append((int)new FileInfo(file).Length).ToList();
        for (var at = 0; at < new FileInfo(file).Length; at++)
        {
            var copy = _folder.Kill();
            DataCopy.Flip(DataCopy.LogFiles(copy)[1], at);
            await using (var reopened = new TestStorage(copy, sizes: sizes))
            {
                var read = reopened.ReadAll("ticks");
                var isHit = batches.Zip(batchEnds).Any(b => at >= b.First && at < b.Second);
                read.Count.ShouldBe(isHit ? 19 : 20, $"flipped at {at}");
                read.ShouldAllBe(r => r.Value == $"{r.Offset}");
                reopened.Log.Lines.Any(line => line.Contains("ticks[0] is damaged from offset", StringComparison.Ordinal)).ShouldBe(isHit);
            }

            Directory.Delete(copy, recursive: true);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Damaged_indexes_are_rebuilt(bool whileRunning)
    {
        var values = Enumerable.Range(0, 60).Select(i => $"{i} " + new string('x', 4000)).ToList();
        var sizes = new WalSettings { FileBytes = 40_000, ReserveBytes = 4096, MemoryBytes = 1 };
        await using (var storage = new TestStorage(_folder.Data, sizes: sizes))
        {
            await storage.CreateAsync("ticks", 2, new TopicSettings { SegmentBytes = 200_000 });
            foreach (var value in values)
            {
                await storage.AppendAsync("ticks", 0, Batches.Of(value));
                await storage.AppendAsync("ticks", 1, Batches.Of(value));
            }
        }

        await using (var storage = whileRunning ? new TestStorage(_folder.Data, sizes: sizes) : null)
        {
            var indexes = Directory.GetFiles(_folder.Data, "*.index", SearchOption.AllDirectories);
            indexes.Length.ShouldBeGreaterThan(5);
            for (var i = 0; i < indexes.Length; i++)
            {
                var length = new FileInfo(indexes[i]).Length;
                switch (i % 4)
                {
                    case 0:
                        File.Delete(indexes[i]);
                        break;
                    case 1:
                        DataCopy.Flip(indexes[i], 50);
                        break;
                    case 2:
                        using (var file = File.OpenWrite(indexes[i]))
                        {
                            file.SetLength(length / 2);
                        }

                        break;
                    default:
                        for (var at = 40 + (2 * 56); at < length; at += 32)
                        {
                            DataCopy.Flip(indexes[i], at + 5);
                        }

                        break;
                }
            }

            if (storage is not null)
            {
                Check(storage);
            }
        }

        await using var reopened = new TestStorage(_folder.Data, sizes: sizes);
        Check(reopened);
        reopened.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));

        void Check(TestStorage hub)
        {
            hub.ReadAll("ticks").Select(r => r.Value).ShouldBe(values);
            hub.ReadAll("ticks", 1).Select(r => r.Value).ShouldBe(values);
            hub.Topic("ticks").Partitions[0].Reader.FindTime(Batches.FirstTimestamp)!.Value.Offset.ShouldBe(0);
        }
    }
}
