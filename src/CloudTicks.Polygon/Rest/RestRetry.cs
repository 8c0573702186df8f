using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace CloudTicks.Polygon.Rest;

/// <summary>How often and when one call is tried again.</summary>
internal static class RestRetry
{
    /// <summary>A call that the server puts off for longer than this fails at once, and says for how long.</summary>
    public static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private const int Attempts = 7;

    private static readonly TimeSpan First = TimeSpan.FromSeconds(0.5);
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    /// <summary>The free plan counts by the minute.</summary>
    private static readonly TimeSpan FirstWhenLimited = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan LongestWhenLimited = TimeSpan.FromSeconds(60);

    public static ResiliencePipeline Create(TimeProvider time, PolygonApiKey apiKey, ILogger logger) => new ResiliencePipelineBuilder { TimeProvider = time }
        .AddRetry(new RetryStrategyOptions
        {
            MaxRetryAttempts = Attempts - 1,
            ShouldHandle = new PredicateBuilder().Handle<PolygonRestException>(
                exception => exception.IsPassing && !(exception.RetryAfter > LongestWait)),
            DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>(
                DelayAfter((PolygonRestException)attempt.Outcome.Exception!, attempt.AttemptNumber)),
            OnRetry = attempt =>
            {
                logger.RequestRetried(attempt.RetryDelay.TotalSeconds, apiKey.Redact(attempt.Outcome.Exception!.Message));
                return ValueTask.CompletedTask;
            },
        })
        .Build();

    private static TimeSpan DelayAfter(PolygonRestException failure, int attempt)
    {
        if (failure.RetryAfter is { } asked)
        {
            return asked;
        }

        var (first, longest) = failure.Failure == RestFailure.RateLimited ? (FirstWhenLimited, LongestWhenLimited) : (First, Longest);
        var most = first * Math.Pow(2, attempt);
        // At least half of it, so that seven attempts outlast a short failure; the rest at random, so that many clients do not come at once.
        return (most < longest ? most : longest) * (0.5 + (Random.Shared.NextDouble() / 2));
    }
}
