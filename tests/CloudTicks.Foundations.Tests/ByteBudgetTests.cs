namespace CloudTicks.Foundations.Tests;

public sealed class ByteBudgetTests
{
    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Waiting_starts_when_the_budget_is_used_up_and_ends_in_order()
    {
        var budget = new ByteBudget(100);
        await budget.TakeAsync(60, Stop);
        var large = budget.TakeAsync(50, Stop);
        var small = budget.TakeAsync(10, Stop);

        large.IsCompleted.ShouldBeFalse();
        small.IsCompleted.ShouldBeFalse("the small one would overtake the large one for ever");
        budget.Release(60);
        await large;
        await small;
        budget.Used.ShouldBe(60);
    }

    [Fact]
    public async Task Record_larger_than_the_budget_goes_alone()
    {
        var budget = new ByteBudget(100);
        await budget.TakeAsync(1, Stop);
        var huge = budget.TakeAsync(1_000, Stop);
        huge.IsCompleted.ShouldBeFalse();

        budget.Release(1);

        await huge;
    }

    [Fact]
    public async Task Waiter_that_gives_up_lets_those_behind_it_pass()
    {
        var budget = new ByteBudget(100);
        using var cancelled = new CancellationTokenSource();
        await budget.TakeAsync(60, Stop);
        var large = budget.TakeAsync(90, cancelled.Token);
        var small = budget.TakeAsync(40, Stop);

        await cancelled.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await large);
        await small;
        budget.Used.ShouldBe(100);
    }

    [Fact]
    public async Task Bytes_are_taken_without_waiting_only_when_they_fit_and_nothing_waits()
    {
        var budget = new ByteBudget(100);
        budget.TryTake(101).ShouldBeFalse();
        budget.TryTake(60).ShouldBeTrue();
        budget.TryTake(41).ShouldBeFalse();

        var waiting = budget.TakeAsync(50, Stop);

        budget.TryTake(1).ShouldBeFalse("it would overtake what waits");
        budget.Release(60);
        await waiting;
        budget.TryTake(50).ShouldBeTrue();
        budget.Used.ShouldBe(100);
    }
}
