using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Tests.Wire;

public sealed class RequestBufferTests
{
    private const int ClaimedBytes = 31 << 20;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Memory_follows_received_not_claimed_bytes()
    {
        using var budget = new MemoryBudget(256 << 20, new ShareSettings(0.25, 0.5), TimeProvider.System);
        var buffer = new RequestBuffer(ClaimedBytes, budget.Open("a").Hold());
        await buffer.GrowAsync(1, Cancellation);
        buffer.Add(1);
        budget.Used.ShouldBe(0);
        while (!buffer.IsComplete)
        {
            if (buffer.Room.IsEmpty)
            {
                await buffer.GrowAsync(0, Cancellation);
                budget.Used.ShouldBeLessThanOrEqualTo(Math.Max(4 * buffer.Received, MemoryBudget.UncountedBytes));
            }

            var receivedBytes = Math.Min(buffer.Room.Length, 100_000);
            buffer.Room.Span[..receivedBytes].Fill((byte)(buffer.Received / 100_000));
            buffer.Add(receivedBytes);
        }

        buffer.Bytes.Length.ShouldBe(ClaimedBytes);
        budget.Used.ShouldBe(32 << 20);
        buffer.Release();
        budget.Used.ShouldBe(0);
    }

    [Fact]
    public async Task Growing_buffer_keeps_bytes()
    {
        var random = new Random(1);
        var sent = new byte[1_000_000];
        random.NextBytes(sent);
        var buffer = new RequestBuffer(sent.Length, grant: null);
        while (!buffer.IsComplete)
        {
            if (buffer.Room.IsEmpty)
            {
                await buffer.GrowAsync(random.Next(50_000), Cancellation);
            }

            var receivedBytes = random.Next(Math.Min(buffer.Room.Length, 30_000)) + 1;
            sent.AsSpan(buffer.Received, receivedBytes).CopyTo(buffer.Room.Span);
            buffer.Add(receivedBytes);
        }

        buffer.Bytes.ToArray().ShouldBe(sent);
        buffer.Release();
    }
}
