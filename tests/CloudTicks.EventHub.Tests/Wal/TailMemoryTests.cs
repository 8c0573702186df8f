using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Tests.Wal;

public sealed class TailMemoryTests
{
    private const int MemoryBytes = 4 << 20;
    private readonly TailMemory _memory = new(MemoryBytes);

    [Fact]
    public void Newest_batches_are_available_until_overwritten()
    {
        _memory.Begin(100);
        Write(100, 1000, 1);
        Write(1200, 500, 2);
        ShouldHold(100, 1000, 1);
        ShouldHold(1200, 500, 2);
        ShouldNotHold(99, 10);
        ShouldNotHold(1200, 501);
        for (var i = 0; i < 8; i++)
        {
            Write(2000 + (i * TailMemory.MaxBatchBytes), TailMemory.MaxBatchBytes, (byte)(3 + i));
        }

        ShouldNotHold(1200, 500);
        ShouldHold(2000 + (7 * TailMemory.MaxBatchBytes), TailMemory.MaxBatchBytes, 10);
    }

    [Fact]
    public void Large_batch_is_not_kept_and_removes_earlier_batches()
    {
        _memory.Begin(0);
        Write(0, 1000, 1);
        Write(1000, TailMemory.MaxBatchBytes + 1, 2);
        var end = 1000 + TailMemory.MaxBatchBytes + 1;
        Write(end, 1000, 3);
        ShouldNotHold(0, 1000);
        ShouldNotHold(1000, 1000);
        ShouldNotHold(end - 1, 2);
        ShouldHold(end, 1000, 3);
    }

    private void Write(long position, int length, byte content)
    {
        var batch = new byte[length];
        Array.Fill(batch, content);
        _memory.Write(position, batch);
    }

    private void ShouldHold(long position, int length, byte content)
    {
        var read = new byte[length];
        _memory.TryRead(position, read).ShouldBeTrue();
        read.AsSpan().IndexOfAnyExcept(content).ShouldBe(-1);
    }

    private void ShouldNotHold(long position, int length) => _memory.TryRead(position, new byte[length]).ShouldBeFalse();
}
