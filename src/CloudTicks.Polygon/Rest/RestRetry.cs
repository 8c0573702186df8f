using CloudTicks.Foundations;
using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace CloudTicks.Polygon.Rest;

internal static class RestRetry
{
    /// <summary>Maximum pause before a retry. If the server requires a longer pause, the call fails immediately.</summary>
    public static readonly TimeSpan MaxWait = TimeSpan.FromMinutes(5);

    private const int MaxAttempts = 7;

    /// <summary>
    /// The pauses between attempts. Half of each is fixed, so that seven attempts outlast a short failure; the other half is random jitter.
    /// </summary>
    private static readonly Backoff Pauses = new(TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(30), MinFactor: 0.5);

    /// <summary>
    /// The pauses after a refusal because of the rate limit. They are longer, because the free plan counts requests per minute.
    /// </summary>
    private static readonly Backoff PausesWhenLimited = new(TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(60), MinFactor: 0.5);

    public static ResiliencePipeline Create(TimeProvider time, PolygonApiKey apiKey, ILogger logger) =>
        new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = MaxAttempts - 1,
                ShouldHandle = new PredicateBuilder().Handle<PolygonRestException>(
                    exception => exception.IsTransient && !(exception.RetryAfter > MaxWait)),
                DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>(
                    DelayAfter((PolygonRestException)attempt.Outcome.Exception!, attempt.AttemptNumber)),
                OnRetry = attempt =>
                {
                    logger.RequestRetried(attempt.RetryDelay.TotalSeconds, apiKey.Redact(attempt.Outcome.Exception!.Message));
                    return ValueTask.CompletedTask;
                },
            })
            .Build();

    private static TimeSpan DelayAfter(PolygonRestException failure, int attempt) =>
        failure.RetryAfter ?? (failure.Failure == RestFailure.RateLimited ? PausesWhenLimited : Pauses).After(attempt + 1);
}
