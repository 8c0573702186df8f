using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace CloudTicks.Functions.Access;

/// <summary>
/// Limits each caller's request rate, and tells a refused caller when to retry. Callers without a valid key share one limit.
/// </summary>
public sealed class RequestRates : IDisposable
{
    private const int BurstSeconds = 10;
    private const int UnauthenticatedPerSecond = 30;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<(string Caller, RequestKind Kind)> _limiter;

    /// <summary>Creates the limits.</summary>
    public RequestRates(IOptions<AccessOptions> options)
    {
        var rates = options.Value;
        _limiter = PartitionedRateLimiter.Create<(string Caller, RequestKind Kind), (string Caller, RequestKind Kind)>(
            key => RateLimitPartition.GetTokenBucketLimiter(key, _ => Bucket(key.Kind switch
            {
                RequestKind.Read => rates.ReadsPerSecond,
                RequestKind.Change => rates.ChangesPerSecond,
                RequestKind.Command => rates.CommandsPerSecond,
                _ => UnauthenticatedPerSecond,
            })));
    }

    /// <inheritdoc/>
    public void Dispose() => _limiter.Dispose();

    /// <summary>Counts a request.</summary>
    /// <returns>How long to wait before the next attempt; null when admitted.</returns>
    internal TimeSpan? Acquire(string caller, RequestKind kind)
    {
        using var lease = _limiter.AttemptAcquire((caller, kind));
        return lease.IsAcquired ? null : lease.TryGetMetadata(MetadataName.RetryAfter, out var wait) && wait > Second ? wait : Second;
    }

    private static TokenBucketRateLimiterOptions Bucket(int perSecond) => new()
    {
        TokenLimit = BurstSeconds * perSecond,
        TokensPerPeriod = perSecond,
        ReplenishmentPeriod = Second,
        QueueLimit = 0,
    };
}
