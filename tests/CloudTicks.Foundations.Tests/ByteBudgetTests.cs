namespace CloudTicks.Foundations.Tests;

public sealed class ByteBudgetTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Requests_wait_for_the_budget_in_order()
    {
        var budget = new ByteBudget(100);
        await budget.TakeAsync(60, Cancellation);
        var large = budget.TakeAsync(50, Cancellation);
        var small = budget.TakeAsync(10, Cancellation);

        large.IsCompleted.ShouldBeFalse();
        small.IsCompleted.ShouldBeFalse("small requests would overtake the large one indefinitely");
        budget.Release(60);
        await large;
        await small;
        budget.Used.ShouldBe(60);
    }

    [Fact]
    public async Task Request_above_the_budget_is_granted_alone()
    {
        var budget = new ByteBudget(100);
        await budget.TakeAsync(1, Cancellation);
        var huge = budget.TakeAsync(1_000, Cancellation);
        huge.IsCompleted.ShouldBeFalse();

        budget.Release(1);

        await huge;
    }

    [Fact]
    public async Task Cancelled_request_lets_later_ones_pass()
    {
        var budget = new ByteBudget(100);
        using var cancelled = new CancellationTokenSource();
        await budget.TakeAsync(60, Cancellation);
        var large = budget.TakeAsync(90, cancelled.Token);
        var small = budget.TakeAsync(40, Cancellation);

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await large);
        await small;
        budget.Used.ShouldBe(100);
    }

    [Fact]
    public async Task TryTake_needs_room_and_no_waiting_request()
    {
        var budget = new ByteBudget(100);
        budget.TryTake(101).ShouldBeFalse();
        budget.TryTake(60).ShouldBeTrue();
        budget.TryTake(41).ShouldBeFalse();

        var waiting = budget.TakeAsync(50, Cancellation);

        budget.TryTake(1).ShouldBeFalse("it would overtake the waiting request");
        budget.Release(60);
        await waiting;
        budget.TryTake(50).ShouldBeTrue();
        budget.Used.ShouldBe(100);
    }
}
