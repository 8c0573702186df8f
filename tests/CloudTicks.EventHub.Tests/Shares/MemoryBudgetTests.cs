using System.Net;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Tests.Fixtures;

namespace CloudTicks.EventHub.Tests.Shares;

public sealed class MemoryBudgetTests : IDisposable
{
    private const int Megabyte = 1 << 20;
    private static readonly ShareSettings Shares = new(Connection: 0.25, Address: 0.5);

    private readonly TestClock _clock = new();
    private readonly MemoryBudget _budget;

    public MemoryBudgetTests() => _budget = new MemoryBudget(256 * Megabyte, Shares, _clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _budget.Dispose();

    [Fact]
    public async Task Small_connection_gets_memory_despite_large_connections()
    {
        var large = Enumerable.Range(0, 12).Select(_ => _budget.Open("a").Hold()).ToList();
        var takenCount = large.Count(grant => grant.TryTake(31 * Megabyte));

        takenCount.ShouldBeLessThan(12);
        _budget.Used.ShouldBeLessThanOrEqualTo(128 * Megabyte, "the share of one address");
        using var small = _budget.Open("a").Hold();
        await small.TakeAsync(200_000, Cancellation);
        using var other = _budget.Open("b").Hold();
        await other.TakeAsync(30 * Megabyte, Cancellation);
    }

    [Fact]
    public async Task Connection_at_its_share_blocks_only_itself()
    {
        var share = _budget.Open("a");
        var first = share.Hold();
        await first.TakeAsync(60 * Megabyte, Cancellation);
        first.Complete();
        var second = share.Hold();
        var waiting = second.TakeAsync(10 * Megabyte, Cancellation).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        using var other = _budget.Open("a").Hold();
        await other.TakeAsync(10 * Megabyte, Cancellation);
        first.Dispose();

        await waiting;
    }

    [Fact]
    public async Task Incomplete_frames_do_not_deadlock()
    {
        var frames = Enumerable.Range(0, 12).Select(_ => _budget.Open("a").Hold()).ToList();
        while (frames.TrueForAll(static frame => frame.TryTake(Megabyte)))
        {
            // Each frame grows until the budget is used up.
        }

        var growing = frames.Select(frame => frame.TakeAsync(8 * Megabyte, Cancellation).AsTask()).ToList();

        growing[0].IsCompletedSuccessfully.ShouldBeTrue("the oldest continues above the limit");
        growing.Skip(1).ShouldAllBe(static task => !task.IsCompleted);
        for (var i = 0; i < frames.Count; i++)
        {
            await growing[i]; // the event hub writes one frame after another
            frames[i].Complete();
            frames[i].Dispose();
        }

        _budget.Used.ShouldBe(0);
    }

    [Fact]
    public async Task Longest_idle_transfer_is_aborted_when_memory_is_needed()
    {
        var abortedTransfers = new List<string>();
        MemoryGrant OpenTransfer(string name)
        {
            var share = _budget.Open("a");
            MemoryGrant? grant = null;
            share.TryReclaim = _ =>
            {
                abortedTransfers.Add(name);
                grant!.Dispose();
                return true;
            };
            grant = share.Hold();
            grant.TryTake(30 * Megabyte).ShouldBeTrue();
            return grant;
        }

        using var oldest = OpenTransfer("oldest");
        using var idle = OpenTransfer("idle");
        using var movingGrant = OpenTransfer("moving");
        _clock.Advance(TimeSpan.FromSeconds(5));
        movingGrant.MarkProgress();
        idle.MarkProgress();
        _clock.Advance(MemoryBudget.MaxGrantIdleTime);
        movingGrant.MarkProgress();
        oldest.LastProgressAt.ShouldBeLessThan(idle.LastProgressAt);
        using var small = _budget.Open("a").Hold();

        await small.TakeAsync(20 * Megabyte, Cancellation);

        abortedTransfers.ShouldBe(["oldest"]);
    }

    [Fact]
    public async Task Waiter_aborts_a_transfer_that_becomes_idle()
    {
        using var waitingShare = _budget.Open("a");
        waitingShare.TryReclaim = _ => throw new InvalidOperationException("it is the waiter");
        var reclaimed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var victim = _budget.Open("a");
        MemoryGrant? grant = null;
        victim.TryReclaim = _ =>
        {
            grant!.Dispose();
            reclaimed.TrySetResult();
            return true;
        };
        grant = victim.Hold();
        await grant.TakeAsync(60 * Megabyte, Cancellation);
        using var waiter = waitingShare.Hold();
        var waiting = waiter.TakeAsync(40 * Megabyte, Cancellation).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        _clock.Advance(MemoryBudget.MaxGrantIdleTime);
        await reclaimed.Task.WaitAsync(Cancellation);

        await waiting;
    }

    [Fact]
    public void Hundred_stalled_readers_leave_memory_for_another()
    {
        var stalled = Enumerable.Range(0, 100).Select(_ => _budget.Open("a").Grant(16 * Megabyte, 16 * Megabyte)).ToList();

        stalled[0].Granted.ShouldBe(16 * Megabyte, "no other connection is open");
        _budget.Used.ShouldBeLessThanOrEqualTo(128 * Megabyte);
        using var small = _budget.Open("a").Grant(Megabyte, 16 * Megabyte);
        small.Granted.ShouldBeGreaterThan(100_000);
        using var other = _budget.Open("b").Grant(16 * Megabyte, 16 * Megabyte);
        other.Granted.ShouldBeGreaterThan(Megabyte, "another address has its own share");
    }

    [Fact]
    public void Grant_grows_as_the_connection_reads_responses()
    {
        using var others = _budget.Open("a").Grant(16 * Megabyte, 16 * Megabyte);
        using var more = _budget.Open("a").Grant(16 * Megabyte, 16 * Megabyte);
        var reader = _budget.Open("a");
        using (var first = reader.Grant(16 * Megabyte, 16 * Megabyte))
        {
            first.Granted.ShouldBeLessThan(Megabyte);
        }

        reader.BytesRead += 64 * Megabyte;
        using var later = reader.Grant(16 * Megabyte, 16 * Megabyte);
        later.Granted.ShouldBeGreaterThan(Megabyte);
    }

    [Fact]
    public void Small_response_is_always_granted()
    {
        var large = Enumerable.Range(0, 12).Select(_ => _budget.Open("a").Hold()).ToList();
        large.ForEach(static grant => grant.TryTake(31 * Megabyte));
        for (var i = 0; i < 100; i++)
        {
            _budget.Open("a").Hold().TryTake(Megabyte);
        }

        using var small = _budget.Open("a").Grant(MemoryBudget.UncountedBytes, 16 * Megabyte);

        small.Granted.ShouldBe(MemoryBudget.UncountedBytes);
        small.Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task Cancelled_waiter_takes_nothing()
    {
        using var cancelled = new CancellationTokenSource();
        using var first = _budget.Open("a").Hold();
        await first.TakeAsync(96 * Megabyte, Cancellation);
        var second = _budget.Open("a").Hold();
        var waiting = second.TakeAsync(20 * Megabyte, cancelled.Token).AsTask();

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => waiting);
        second.Dispose();
        _budget.Used.ShouldBe(96 * Megabyte);
    }

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64")]
    [InlineData("2001:db8:1:2:ffff::1", "2001:db8:1:2::/64")]
    [InlineData("::1", "::1")]
    public void Address_identifies_a_host(string address, string host) => ClientMemory.AddressOf(IPAddress.Parse(address)).ShouldBe(host);
}
