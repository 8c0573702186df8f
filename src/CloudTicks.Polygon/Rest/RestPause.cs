using System.Net.Http.Headers;

namespace CloudTicks.Polygon.Rest;

/// <summary>The time for which the server wants to be left alone; one for all requests of a key.</summary>
internal sealed class RestPause(TimeProvider time)
{
    private readonly Lock _lock = new();
    private DateTimeOffset _until = DateTimeOffset.MinValue;

    public TimeSpan Left
    {
        get
        {
            lock (_lock)
            {
                return _until - time.GetUtcNow() is var left && left > TimeSpan.Zero ? left : TimeSpan.Zero;
            }
        }
    }

    /// <summary>Takes what the server said, seconds or a date.</summary>
    /// <returns>How long to wait; null when it did not say, or said a time that is over.</returns>
    public TimeSpan? Take(RetryConditionHeaderValue? retryAfter)
    {
        var wait = retryAfter?.Delta ?? (retryAfter?.Date - time.GetUtcNow());
        if (wait is not { } given || given <= TimeSpan.Zero)
        {
            return null;
        }

        lock (_lock)
        {
            var until = time.GetUtcNow() + given;
            _until = until > _until ? until : _until;
        }

        return given;
    }
}
