using CloudTicks.Polygon.Requests;

namespace CloudTicks.Polygon.Tests.Requests;

public class RequestBudgetTests
{
    [Fact]
    public async Task TakeAsync_above_the_rate_waits()
    {
        var startedAt = TimeProvider.System.GetTimestamp();
        using var budget = new RequestBudget(3);
        var taken = Enumerable.Range(0, 4).Select(_ => budget.TakeAsync(TestContext.Current.CancellationToken).AsTask()).ToArray();

        taken.Take(3).ShouldAllBe(task => task.IsCompleted);

        await Task.WhenAll(taken).WaitAsync(TestContext.Current.CancellationToken);
        // The fourth request waits for about a second, or longer on a busy machine.
        TimeProvider.System.GetElapsedTime(startedAt).ShouldBeGreaterThan(TimeSpan.FromSeconds(0.7));
    }

    [Fact]
    public async Task PerSecond_raised_applies_to_waiting_callers()
    {
        using var budget = new RequestBudget(1);
        await budget.TakeAsync(TestContext.Current.CancellationToken);
        var waiting = Enumerable.Range(0, 100).Select(_ => budget.TakeAsync(TestContext.Current.CancellationToken).AsTask()).ToArray();

        budget.PerSecond = 1_000;

        // At one request per second this would exceed the test's timeout.
        await Task.WhenAll(waiting).WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        budget.PerSecond.ShouldBe(1_000);
    }

    [Fact]
    public async Task Dispose_releases_waiting_callers()
    {
        var budget = new RequestBudget(1);
        await budget.TakeAsync(TestContext.Current.CancellationToken);
        // The last of these callers would wait for more than a minute.
        var waiting = Enumerable.Range(0, 100).Select(_ => budget.TakeAsync(TestContext.Current.CancellationToken).AsTask()).ToArray();

        budget.Dispose();

        await Should.ThrowAsync<ObjectDisposedException>(() => waiting[^1].WaitAsync(TestContext.Current.CancellationToken));
    }
}
