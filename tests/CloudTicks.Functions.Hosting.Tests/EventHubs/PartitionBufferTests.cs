using Azure.Messaging.EventHubs;
using CloudTicks.Functions.Hosting.EventHubs;

namespace CloudTicks.Functions.Hosting.Tests.EventHubs;

public sealed class PartitionBufferTests
{
    [Fact]
    public void Buffer_is_full_until_half_of_it_is_done()
    {
        var buffer = new PartitionBuffer(100_000);
        buffer.Add(Event(0, 40_000));
        buffer.IsFull.ShouldBeFalse();
        buffer.Add(Event(1, 60_000));
        buffer.IsFull.ShouldBeTrue();

        var first = buffer.Dequeue(10, 45_000);
        buffer.HasRoom.ShouldBeFalse("events of the running call are still in memory");
        buffer.Done(first);
        buffer.HasRoom.ShouldBeFalse();
        buffer.Done(buffer.Dequeue(10, 45_000));
        buffer.HasRoom.ShouldBeTrue();
    }

    [Fact]
    public void Batch_is_limited_by_events_and_bytes()
    {
        var buffer = new PartitionBuffer(1 << 20);
        for (var offset = 10; offset < 16; offset++)
        {
            buffer.Add(Event(offset, offset == 12 ? 500_000 : 1_000));
        }

        Offsets(buffer.Dequeue(10, 100_000).Events).ShouldBe([10, 11]);
        var large = buffer.Dequeue(10, 100_000);
        Offsets(large.Events).ShouldBe([12]);
        large.NextOffset.ShouldBe(13);
        Offsets(buffer.Dequeue(2, 100_000).Events).ShouldBe([13, 14]);
        Offsets(buffer.Dequeue(2, 100_000).Events).ShouldBe([15]);
    }

    [Fact]
    public async Task Wait_ends_at_the_first_event()
    {
        var buffer = new PartitionBuffer(1 << 20);
        var waiting = buffer.WaitAsync(TestContext.Current.CancellationToken);
        waiting.IsCompleted.ShouldBeFalse();

        buffer.Add(Event(0, 1));

        await waiting;
    }

    private static IEnumerable<long> Offsets(EventData[] events) => events.Select(data => data.SequenceNumber);

    private static EventData Event(long offset, int bytes) => new(
        BinaryData.FromBytes(new byte[bytes]), new Dictionary<string, object>(), offset, $"{offset}", DateTimeOffset.UnixEpoch, null);
}
