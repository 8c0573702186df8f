using System.Threading.RateLimiting;

namespace CloudTicks.Polygon.Requests;

/// <summary>One API key's requests a second, REST and control messages in one fair queue. The rate may change.</summary>
public sealed class RequestBudget : IDisposable
{
    private const int SegmentsPerWindow = 10;

    private readonly Lock _lock = new();
    private RateLimiter _limiter;
    private int _perSecond;
    private bool _disposed;

    /// <summary>Makes the budget; it begins full.</summary>
    /// <param name="perSecond">Requests in any second, at least 1.</param>
    public RequestBudget(int perSecond) => (_perSecond, _limiter) = (perSecond, Limiter(perSecond));

    /// <summary>Requests in any second, at least 1.</summary>
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

                (old, _limiter, _perSecond) = (_limiter, Limiter(value), value);
            }

            // Who waits there is let go without a permit, and asks the new one.
            old.Dispose();
        }
    }

    /// <summary>Waits for the turn of one request.</summary>
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
                // Replaced between the look and the wait.
            }
        }
    }

    /// <summary>Lets all who wait go, with <see cref="ObjectDisposedException"/>.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _disposed = true;
        }

        _limiter.Dispose();
    }

    private static SlidingWindowRateLimiter Limiter(int perSecond) => new(new SlidingWindowRateLimiterOptions
    {
        PermitLimit = perSecond,
        Window = TimeSpan.FromSeconds(1),
        SegmentsPerWindow = SegmentsPerWindow,
        // The callers are few and wait: sessions, and the workers of gaps and lists.
        QueueLimit = int.MaxValue,
        QueueProcessingOrder = QueueProcessingOrder.OldestFirst,
        AutoReplenishment = true,
    });
}
