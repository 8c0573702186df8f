using System.Globalization;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>
/// When a failed batch is tried again: as the function's retry attribute says, and when that has run out, for ever with a backoff of this
/// host's own. A failed batch is never passed over.
/// </summary>
internal sealed class RetrySchedule
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    private readonly int _maxRetries;
    private readonly TimeSpan _minimum;
    private readonly TimeSpan _maximum;
    private readonly TimeSpan _cap;

    private RetrySchedule(int maxRetries, TimeSpan minimum, TimeSpan maximum, TimeSpan cap)
    {
        _maxRetries = maxRetries;
        _minimum = minimum;
        _maximum = maximum;
        _cap = cap;
    }

    /// <param name="function">The function, with its retry attribute or without.</param>
    /// <param name="cap">The longest delay of the host's own backoff.</param>
    /// <exception cref="InvalidOperationException">A delay of the attribute cannot be read.</exception>
    public static RetrySchedule Of(EventHubFunction function, TimeSpan cap) => function.Retry switch
    {
        FixedDelayRetryAttribute retry => new(
            retry.MaxRetryCount, Delay(function, retry.DelayInterval), Delay(function, retry.DelayInterval), cap),
        ExponentialBackoffRetryAttribute retry => new(
            retry.MaxRetryCount, Delay(function, retry.MinimumInterval), Delay(function, retry.MaximumInterval), cap),
        _ => new(0, FirstDelay, FirstDelay, cap),
    };

    /// <summary>True when the attribute allows no further call after so many failed ones: from then on it is the host's own backoff.</summary>
    public bool IsExhausted(int failures) => _maxRetries >= 0 && failures > _maxRetries;

    /// <summary>How long to wait after so many failed calls, at least one.</summary>
    public TimeSpan DelayAfter(int failures) => IsExhausted(failures)
        ? Backoff(failures - _maxRetries, _cap)
        : Doubled(_minimum, failures, _maximum);

    /// <summary>The host's own backoff.</summary>
    /// <param name="failures">How often in a row it has failed, at least once.</param>
    /// <param name="longest">The longest delay.</param>
    public static TimeSpan Backoff(int failures, TimeSpan longest) => Doubled(FirstDelay, failures, longest);

    private static TimeSpan Doubled(TimeSpan first, int times, TimeSpan longest)
    {
        var ticks = first.Ticks * Math.Pow(2, Math.Min(times - 1, 40));
        return ticks >= longest.Ticks ? longest : TimeSpan.FromTicks((long)ticks);
    }

    private static TimeSpan Delay(EventHubFunction function, string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var delay) && delay >= TimeSpan.Zero
            ? delay
            : throw new InvalidOperationException($"Function '{function.Name}' has a retry delay '{text}' that is not of the form hh:mm:ss.");
}
