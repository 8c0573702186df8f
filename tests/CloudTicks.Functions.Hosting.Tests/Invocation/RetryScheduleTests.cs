using Azure.Messaging.EventHubs;
using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Tests.Invocation;

public sealed class RetryScheduleTests
{
    private static readonly TimeSpan MaxDelay = TimeSpan.FromSeconds(5);

    [Fact]
    public void Fixed_delay_is_followed_by_the_hosts_backoff()
    {
        var schedule = Of(nameof(Functions.FixedAsync));

        Delays(schedule, 3).ShouldBe([2_000, 2_000, 200]);
        schedule.IsExhausted(2).ShouldBeFalse();
        schedule.IsExhausted(3).ShouldBeTrue();
    }

    [Fact]
    public void Exponential_delay_doubles_up_to_its_maximum()
    {
        var schedule = Of(nameof(Functions.ExponentialAsync));

        Delays(schedule, 5).ShouldBe([100, 200, 400, 800, 1_000]);
        schedule.DelayAfter(1_000_000).ShouldBe(TimeSpan.FromSeconds(1));
        schedule.IsExhausted(int.MaxValue).ShouldBeFalse();
    }

    [Fact]
    public void Function_without_retries_gets_the_hosts_capped_backoff()
    {
        var schedule = Of(nameof(Functions.NoneAsync));

        Delays(schedule, 7).ShouldBe([200, 400, 800, 1_600, 3_200, 5_000, 5_000]);
        schedule.IsExhausted(1).ShouldBeTrue();
    }

    [Fact]
    public void Invalid_delay_is_rejected_with_the_functions_name() =>
        Should.Throw<InvalidOperationException>(() => Of(nameof(Functions.WrongAsync))).Message.ShouldContain("'Wrong'");

    private static IEnumerable<double> Delays(RetrySchedule schedule, int count) =>
        Enumerable.Range(1, count).Select(failures => schedule.DelayAfter(failures).TotalMilliseconds);

    private static RetrySchedule Of(string method) =>
        RetrySchedule.Of(FunctionCatalog.Find([typeof(Functions)]).EventHubs.Single(function => function.Method.Name == method), MaxDelay);

    private static class Functions
    {
        [Function("Fixed")]
        [FixedDelayRetry(2, "00:00:02")]
        public static Task FixedAsync([EventHubTrigger("topic")] EventData[] data) => Task.CompletedTask;

        [Function("Exponential")]
        [ExponentialBackoffRetry(-1, "00:00:00.100", "00:00:01")]
        public static Task ExponentialAsync([EventHubTrigger("topic")] EventData[] data) => Task.CompletedTask;

        [Function("None")]
        public static Task NoneAsync([EventHubTrigger("topic")] EventData[] data) => Task.CompletedTask;

        [Function("Wrong")]
        [FixedDelayRetry(2, "soon")]
        public static Task WrongAsync([EventHubTrigger("topic")] EventData[] data) => Task.CompletedTask;
    }
}
