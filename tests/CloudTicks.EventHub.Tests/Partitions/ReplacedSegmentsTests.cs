using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Tests.Fixtures;
using CloudTicks.EventHub.Topics;
using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Tests.Partitions;

/// <summary>Replacement of sealed segments.</summary>
public sealed class ReplacedSegmentsTests : IDisposable
{
    private const int Records = 40;
    private static readonly Disk Disk = new();
    private readonly HubFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Replacement_survives_kill_at_any_step()
    {
        await (await OpenFilledAsync()).DisposeAsync();
        var copies = new List<string>();
        await using (var storage = new TestStorage(_folder.Data))
        {
            var partition = storage.Topic("ticks").Partitions[0];
            var old = partition.View().Segments.TakeWhile(s => s.IsSealed).Take(3).ToList();
            old.Count.ShouldBe(3);
            var merged = FileSegment.Write(Disk, partition.Folder, old[0].BaseOffset, old[2].NextOffset, BatchesOf(old));
            Check(storage);
            copies.Add(_folder.Kill());
            partition.Replace(old, [merged]).ShouldBeTrue();
            Check(storage);
            partition.Replace(old, [merged]).ShouldBeFalse("they are no longer in the view");
            old.ForEach(s => s.Remove());
            Check(storage);
            copies.Add(_folder.Kill());

            merged.Pin();
            var again = FileSegment.Write(Disk, partition.Folder, merged.BaseOffset, merged.NextOffset, BatchesOf([merged]));
            Check(storage);
            copies.Add(_folder.Kill());
            partition.Replace([merged], [again]).ShouldBeTrue();
            merged.Remove();
            Check(storage);
            copies.Add(_folder.Kill());
        }

        copies.Add(_folder.Data);
        foreach (var copy in copies)
        {
            await using var again = new TestStorage(copy);
            Check(again);
            again.Topic("ticks").Partitions[0].View().Segments[0].Bytes.ShouldBeGreaterThan(64 * 1024, "the merged segment");
            again.Log.Lines.ShouldNotContain(line => line.StartsWith("Error", StringComparison.Ordinal));
        }
    }

    [Fact]
    public void Deleted_segment_counts_as_new()
    {
        var now = TimeProvider.System.GetUtcNow().AddHours(1).ToUnixTimeMilliseconds();
        using var segment = FileSegment.Write(Disk, _folder.Data, 0, 1, [Batches.Of(["a"], timestamp: -1)]);
        segment.NewestTime(now).ShouldBeInRange(now - (2 * 3_600_000), now - 1, "the time of the write");

        segment.Remove();

        segment.NewestTime(now).ShouldBe(now);
    }

    private static IEnumerable<ReadOnlyMemory<byte>> BatchesOf(IEnumerable<Segment> segments)
    {
        foreach (var segment in segments)
        {
            var bytes = new byte[segment.Bytes];
            segment.Read(0, bytes).ShouldBe(bytes.Length);
            for (var at = 0; RecordBatch.TryRead(bytes.AsSpan(at), out var batch); at += (int)batch.TotalBytes)
            {
                yield return bytes.AsMemory(at, (int)batch.TotalBytes);
            }
        }
    }

    private static void Check(TestStorage storage) =>
        storage.ReadAll("ticks").Select(r => (r.Offset, r.Value.Split(' ')[0]))
            .ShouldBe(Enumerable.Range(0, Records).Select(i => ((long)i, $"{i}")));

    private async Task<TestStorage> OpenFilledAsync()
    {
        var storage = new TestStorage(_folder.Data);
        await storage.CreateAsync("ticks", 1, new TopicSettings { SegmentBytes = 64 * 1024 });
        for (var i = 0; i < Records; i++)
        {
            await storage.AppendAsync("ticks", 0, Batches.Of($"{i} " + new string('x', 9000)));
        }

        return storage;
    }
}
