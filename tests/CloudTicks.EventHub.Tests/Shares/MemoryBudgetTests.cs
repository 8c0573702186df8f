using System.Net;
using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Tests.Fixtures;

namespace CloudTicks.EventHub.Tests.Shares;

public sealed class MemoryBudgetTests : IDisposable
{
    private const int Megabyte = 1 << 20;
    private static readonly ShareSettings Parts = new(Connection: 0.25, Address: 0.5);

    private readonly TestClock _clock = new();
    private readonly MemoryBudget _budget;

    public MemoryBudgetTests() => _budget = new MemoryBudget(256 * Megabyte, Parts, _clock);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _budget.Dispose();

    [Fact]
    public async Task Connection_with_little_in_memory_finds_room_beside_those_that_hold_much()
    {
        var greedy = Enumerable.Range(0, 12).Select(_ => _budget.Open("a").Hold()).ToList();
        var taken = greedy.Count(held => held.TryTake(31 * Megabyte));

        taken.ShouldBeLessThan(12);
        _budget.Used.ShouldBeLessThanOrEqualTo(128 * Megabyte, "the part of one address");
        using var honest = _budget.Open("a").Hold();
        await honest.TakeAsync(200_000, Cancellation);
        using var other = _budget.Open("b").Hold();
        await other.TakeAsync(30 * Megabyte, Cancellation);
    }

    [Fact]
    public async Task Connection_that_holds_its_part_waits_for_itself_only()
    {
        var share = _budget.Open("a");
        var first = share.Hold();
        await first.TakeAsync(60 * Megabyte, Cancellation);
        first.Settle();
        var second = share.Hold();
        var waiting = second.TakeAsync(10 * Megabyte, Cancellation).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        using var other = _budget.Open("a").Hold();
        await other.TakeAsync(10 * Megabyte, Cancellation);
        first.Dispose();

        await waiting;
    }

    [Fact]
    public async Task Frames_that_have_come_half_do_not_wait_for_each_other_for_ever()
    {
        var frames = Enumerable.Range(0, 12).Select(_ => _budget.Open("a").Hold()).ToList();
        while (frames.TrueForAll(static frame => frame.TryTake(Megabyte)))
        {
            // Each of them grows until there is no more.
        }

        var growing = frames.Select(frame => frame.TakeAsync(8 * Megabyte, Cancellation).AsTask()).ToList();

        growing[0].IsCompletedSuccessfully.ShouldBeTrue("the oldest goes on above the bound");
        growing.Skip(1).ShouldAllBe(static task => !task.IsCompleted);
        for (var i = 0; i < frames.Count; i++)
        {
            await growing[i]; // the hub writes one after the other
            frames[i].Settle();
            frames[i].Dispose();
        }

        _budget.Used.ShouldBe(0);
    }

    [Fact]
    public async Task Transfer_that_has_not_moved_for_longest_is_ended_when_its_memory_is_needed()
    {
        var ended = new List<string>();
        HeldMemory Holding(string name)
        {
            var share = _budget.Open("a");
            HeldMemory? held = null;
            share.TryReclaim = _ =>
            {
                ended.Add(name);
                held!.Dispose();
                return true;
            };
            held = share.Hold();
            held.TryTake(30 * Megabyte).ShouldBeTrue();
            return held;
        }

        using var oldest = Holding("oldest");
        using var idle = Holding("idle");
        using var moving = Holding("moving");
        _clock.Advance(TimeSpan.FromSeconds(5));
        moving.Moved();
        idle.Moved();
        _clock.Advance(MemoryBudget.Patience);
        moving.Moved();
        oldest.MovedAt.ShouldBeLessThan(idle.MovedAt);
        using var honest = _budget.Open("a").Hold();

        await honest.TakeAsync(20 * Megabyte, Cancellation);

        ended.ShouldBe(["oldest"]);
    }

    [Fact]
    public async Task Waiting_ends_others_as_soon_as_they_have_not_moved_for_a_while()
    {
        using var late = _budget.Open("a");
        late.TryReclaim = _ => throw new InvalidOperationException("it waits itself");
        var reclaimed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var victim = _budget.Open("a");
        HeldMemory? held = null;
        victim.TryReclaim = _ =>
        {
            held!.Dispose();
            reclaimed.TrySetResult();
            return true;
        };
        held = victim.Hold();
        await held.TakeAsync(60 * Megabyte, Cancellation);
        using var waiter = late.Hold();
        var waiting = waiter.TakeAsync(40 * Megabyte, Cancellation).AsTask();
        waiting.IsCompleted.ShouldBeFalse();

        _clock.Advance(MemoryBudget.Patience);
        await reclaimed.Task.WaitAsync(Cancellation);

        await waiting;
    }

    [Fact]
    public void Hundred_readers_that_take_nothing_leave_room_for_another_one()
    {
        var stalled = Enumerable.Range(0, 100).Select(_ => _budget.Open("a").Grant(16 * Megabyte, 16 * Megabyte)).ToList();

        stalled[0].Granted.ShouldBe(16 * Megabyte, "nobody else is there");
        _budget.Used.ShouldBeLessThanOrEqualTo(128 * Megabyte);
        using var honest = _budget.Open("a").Grant(Megabyte, 16 * Megabyte);
        honest.Granted.ShouldBeGreaterThan(100_000);
        using var other = _budget.Open("b").Grant(16 * Megabyte, 16 * Megabyte);
        other.Granted.ShouldBeGreaterThan(Megabyte, "another address has its own part");
    }

    [Fact]
    public void Connection_in_a_crowd_is_granted_more_as_it_takes_it()
    {
        using var crowd = _budget.Open("a").Grant(16 * Megabyte, 16 * Megabyte);
        using var more = _budget.Open("a").Grant(16 * Megabyte, 16 * Megabyte);
        var reader = _budget.Open("a");
        using (var first = reader.Grant(16 * Megabyte, 16 * Megabyte))
        {
            first.Granted.ShouldBeLessThan(Megabyte);
        }

        reader.Taken += 64 * Megabyte;
        using var later = reader.Grant(16 * Megabyte, 16 * Megabyte);
        later.Granted.ShouldBeGreaterThan(Megabyte);
    }

    [Fact]
    public void Small_answer_is_granted_whatever_others_hold()
    {
        var greedy = Enumerable.Range(0, 12).Select(_ => _budget.Open("a").Hold()).ToList();
        greedy.ForEach(static held => held.TryTake(31 * Megabyte));
        for (var i = 0; i < 100; i++)
        {
            _budget.Open("a").Hold().TryTake(Megabyte);
        }

        using var honest = _budget.Open("a").Grant(MemoryBudget.UncountedBytes, 16 * Megabyte);

        honest.Granted.ShouldBe(MemoryBudget.UncountedBytes);
        honest.Bytes.ShouldBe(0);
    }

    [Fact]
    public async Task Waiter_that_gives_up_takes_nothing()
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
    public void Address_stands_for_a_host(string address, string host) => ClientMemory.AddressOf(IPAddress.Parse(address)).ShouldBe(host);
}
