using System.Threading.RateLimiting;

namespace CloudTicks.Polygon.Requests;

/// <summary>
/// Limits the requests per second of an API key, for REST requests and control messages together, in one fair queue. The rate may change.
/// </summary>
public sealed class RequestBudget : IDisposable
{
    private const int SegmentsPerWindow = 10;

    private readonly Lock _lock = new();
    private RateLimiter _limiter;
    private int _perSecond;
    private bool _disposed;

    /// <summary>Creates the budget, initially full.</summary>
    /// <param name="perSecond">The maximum number of requests in any second, at least 1.</param>
    public RequestBudget(int perSecond) => (_perSecond, _limiter) = (perSecond, CreateLimiter(perSecond));

    /// <summary>The maximum number of requests in any second, at least 1.</summary>
    public int PerSecond
    {
        get
        {
            lock (_lock)
            {
                return _perSecond;
            }
        }

        set
        {
            ArgumentOutOfRangeException.ThrowIfLessThan(value, 1);
            RateLimiter old;
            lock (_lock)
            {
                if (value == _perSecond || _disposed)
                {
                    return;
                }

                (old, _limiter, _perSecond) = (_limiter, CreateLimiter(value), value);
            }

            // Callers that wait on the old limiter get no permit from it, and wait on the new limiter instead.
            old.Dispose();
        }
    }

    /// <summary>Waits until one request is allowed.</summary>
    /// <exception cref="ObjectDisposedException">The budget is disposed.</exception>
    public async ValueTask TakeAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            RateLimiter limiter;
            lock (_lock)
            {
                ObjectDisposedException.ThrowIf(_disposed, this);
                limiter = _limiter;
            }

            try
            {
                using var lease = await limiter.AcquireAsync(1, cancellationToken);
                if (lease.IsAcquired)
                {
                    return;
                }
            }
            catch (ObjectDisposedException)
            {
                // The limiter was replaced meanwhile: retry with the new one.
            }
        }
    }

    /// <summary>Releases all waiting callers with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        _limiter.Dispose();
    }

    private static SlidingWindowRateLimiter CreateLimiter(int perSecond) => new(new SlidingWindowRateLimiterOptions
    {
        PermitLimit = perSecond,
        Window = TimeSpan.FromSeconds(1),
        SegmentsPerWindow = SegmentsPerWindow,
        // Unlimited, because there are few callers: the sessions, and the workers that fill gaps and look up symbols.
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        AutoReplenishment = true,
    });
}
