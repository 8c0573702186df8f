using CloudTicks.EventHub.Compaction;

namespace CloudTicks.EventHub.Tests.Compaction;

public sealed class KeyOffsetsTests
{
    private const long MaxBytes = 1 << 20;

    [Fact]
    public void Full_table_allocates_within_its_bound()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        var table = new KeyOffsets(MaxBytes);
        Fill(table, int.MaxValue);
        var allocatedBytes = GC.GetAllocatedBytesForCurrentThread() - before;
        allocatedBytes.ShouldBeLessThanOrEqualTo(MaxBytes);
        table.Count.ShouldBeGreaterThan((int)(MaxBytes / 37));
    }

    [Fact]
    public void Growing_table_finds_newest_offsets()
    {
        var table = new KeyOffsets(MaxBytes);
        Fill(table, 20_000);
        table.Put(Key(7), 50_000);
        table.Count.ShouldBe(20_000);
        for (var i = 0; i < 20_000; i++)
        {
            table.Find(Key(i)).ShouldBe(i == 7 ? 50_000 : i);
        }

        table.Find("none"u8).ShouldBe(-1);
        table.Clear();
        table.Find(Key(7)).ShouldBe(-1);
    }

    [Fact]
    public void Single_batch_may_exceed_the_bound()
    {
        var table = new KeyOffsets(1);
        table.HasRoomFor(5000).ShouldBeFalse();
        for (var i = 0; i < 5000; i++)
        {
            table.Put(Key(i), i);
        }

        Enumerable.Range(0, 5000).ShouldAllBe(i => table.Find(Key(i)) == i);
    }

    private static void Fill(KeyOffsets table, int keys)
    {
        Span<byte> key = stackalloc byte[sizeof(int)];
        for (var i = 0; i < keys && table.HasRoomFor(1); i++)
        {
            BitConverter.TryWriteBytes(key, i);
            table.Put(key, i);
        }
    }

    private static byte[] Key(int number) => BitConverter.GetBytes(number);
}
