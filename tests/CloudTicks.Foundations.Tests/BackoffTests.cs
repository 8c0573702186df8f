namespace CloudTicks.Foundations.Tests;

public sealed class BackoffTests
{
    private static readonly TimeSpan First = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Max = TimeSpan.FromSeconds(10);

    [Fact]
    public void Pauses_double_up_to_the_maximum()
    {
        var backoff = new Backoff(First, Max);

        Enumerable.Range(1, 6).Select(failures => backoff.After(failures).TotalSeconds).ShouldBe([1, 2, 4, 8, 10, 10]);
        backoff.After(int.MaxValue).ShouldBe(Max);
    }

    [Fact]
    public void First_pause_above_the_maximum_is_the_maximum() =>
        new Backoff(TimeSpan.FromSeconds(20), Max).After(1).ShouldBe(Max);

    [Fact]
    public void Pauses_are_random_between_their_bounds()
    {
        var random = new Random(7);
        var backoff = new Backoff(First, Max, MinFactor: 0.5, MaxFactor: 1.5);

        var pauses = Enumerable.Range(0, 1_000).Select(_ => backoff.After(3, random).TotalSeconds).ToArray();

        pauses.Min().ShouldBeInRange(2, 2.1);
        pauses.Max().ShouldBeInRange(5.9, 6);
        pauses.Average().ShouldBeInRange(3.8, 4.2);
    }
}
