using System.Net.Http.Headers;

namespace CloudTicks.Polygon.Rest;

/// <summary>Tracks the pause that the server requires for all requests of a key.</summary>
internal sealed class RestPause(TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _until = DateTimeOffset.MinValue;

    public TimeSpan Remaining
    {
        get
        {
            lock (_lock)
            {
                return _until - time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Applies a Retry-After header: seconds or a date.</summary>
    /// <returns>The pause; null when there is none, or when it has passed.</returns>
    public TimeSpan? Apply(RetryConditionHeaderValue? retryAfter)
    {
        var wait = retryAfter?.Delta ?? (retryAfter?.Date - time.GetUtcNow());
        if (wait is not { } pause || pause <= TimeSpan.Zero)
        {
            return null;
        }

        lock (_lock)
        {
            var until = time.GetUtcNow() + pause;
            _until = until > _until ? until : _until;
        }

        return pause;
    }
}
