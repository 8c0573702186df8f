using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;

namespace CloudTicks.Relay.Clients;

/// <summary>Limits the requests of one key: subscriptions and REST requests per second.</summary>
internal sealed class RequestRates : IDisposable
{
    private const int BurstSeconds = 10;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly PartitionedRateLimiter<string> _limiter;

    public RequestRates(IOptions<RelayOptions> options)
    {
        var perSecond = options.Value.RequestsPerSecond;
        _limiter = PartitionedRateLimiter.Create<string, string>(caller => RateLimitPartition.GetTokenBucketLimiter(
            caller,
            _ => new TokenBucketRateLimiterOptions
            {
                TokenLimit = BurstSeconds * perSecond,
                TokensPerPeriod = perSecond,
                ReplenishmentPeriod = Second,
                QueueLimit = 0,
            }));
    }

    /// <summary>Counts a request.</summary>
    /// <returns>False above the limit.</returns>
    public bool TryAcquire(string caller)
    {
        using var lease = _limiter.AttemptAcquire(caller);
        return lease.IsAcquired;
    }

    public void Dispose() => _limiter.Dispose();
}
