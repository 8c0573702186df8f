using Azure.Messaging.EventHubs;
using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Tests.Invocation;

public sealed class FunctionCatalogTests
{
    [Fact]
    public void Functions_are_found_with_their_trigger_and_retry()
    {
        var function = FunctionCatalog.Find([typeof(string), typeof(RecordEvents)]).EventHubs.Single();

        function.Name.ShouldBe("RecordEvents");
        function.Trigger.EventHubName.ShouldBe("%topic%");
        function.Retry.ShouldBeOfType<FixedDelayRetryAttribute>().MaxRetryCount.ShouldBe(2);
    }

    [Theory]
    [InlineData(typeof(SingleEvent), "EventData[]")]
    [InlineData(typeof(NotBatched), "EventData[]")]
    [InlineData(typeof(NoTrigger), "no parameter has a trigger")]
    [InlineData(typeof(ForeignParameter), "'text'")]
    [InlineData(typeof(ReturnsNothing), "Task")]
    [InlineData(typeof(TwoTriggers), "more than one trigger")]
    [InlineData(typeof(TimerWithText), "TimerInfo")]
    [InlineData(typeof(TimerWithRetry), "retry")]
    [InlineData(typeof(HttpWithKey), "Anonymous")]
    [InlineData(typeof(HttpWithBadRoute), "route")]
    [InlineData(typeof(HttpReturnsText), "IActionResult")]
    public void Unsupported_function_is_rejected_by_name(Type type, string reason)
    {
        var refusal = Should.Throw<InvalidOperationException>(() => FunctionCatalog.Find([type]));

        refusal.Message.ShouldContain("'Wrong'");
        refusal.Message.ShouldContain(reason);
    }

    [Fact]
    public void Two_functions_with_one_name_are_rejected() =>
        Should.Throw<InvalidOperationException>(() => FunctionCatalog.Find([typeof(RecordEvents), typeof(RecordEvents)]))
            .Message.ShouldContain("RecordEvents");

    private static class SingleEvent
    {
        [Function("Wrong")]
        public static Task RunAsync([EventHubTrigger("topic")] EventData data) => Task.CompletedTask;
    }

    private static class NotBatched
    {
        [Function("Wrong")]
        public static Task RunAsync([EventHubTrigger("topic", IsBatched = false)] EventData[] data) => Task.CompletedTask;
    }

    private static class NoTrigger
    {
        [Function("Wrong")]
        public static Task RunAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }

    private static class ForeignParameter
    {
        [Function("Wrong")]
        public static Task RunAsync([EventHubTrigger("topic")] EventData[] data, string text) => Task.CompletedTask;
    }

    private static class ReturnsNothing
    {
        [Function("Wrong")]
        public static int Run([EventHubTrigger("topic")] EventData[] data) => data.Length;
    }

    private static class TwoTriggers
    {
        [Function("Wrong")]
        public static Task RunAsync([EventHubTrigger("topic")] EventData[] data, [TimerTrigger("0 * * * * *")] TimerInfo timer) =>
            Task.CompletedTask;
    }

    private static class TimerWithText
    {
        [Function("Wrong")]
        public static Task RunAsync([TimerTrigger("0 * * * * *")] string timer) => Task.CompletedTask;
    }

    private static class TimerWithRetry
    {
        [Function("Wrong")]
        [FixedDelayRetry(2, "00:00:02")]
        public static Task RunAsync([TimerTrigger("0 * * * * *")] TimerInfo timer) => Task.CompletedTask;
    }

    private static class HttpWithKey
    {
        [Function("Wrong")]
        public static IActionResult Run([HttpTrigger(AuthorizationLevel.Function, "get")] HttpRequest request) =>
            throw new NotSupportedException();
    }

    private static class HttpWithBadRoute
    {
        [Function("Wrong")]
        public static IActionResult Run([HttpTrigger(AuthorizationLevel.Anonymous, Route = "a/{b")] HttpRequest request) =>
            throw new NotSupportedException();
    }

    private static class HttpReturnsText
    {
        [Function("Wrong")]
        public static Task<string> RunAsync([HttpTrigger(AuthorizationLevel.Anonymous, "get")] HttpRequest request) => Task.FromResult("");
    }
}
