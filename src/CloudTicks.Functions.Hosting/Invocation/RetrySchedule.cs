using System.Globalization;
using CloudTicks.Foundations;
using Microsoft.Azure.Functions.Worker;

namespace CloudTicks.Functions.Hosting.Invocation;

/// <summary>
/// Retries according to the function's attribute, then without limit with this host's backoff; a failed batch is never skipped.
/// </summary>
internal sealed class RetrySchedule
{
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(200);

    private readonly int _maxRetries;
    private readonly Backoff _retries;
    private readonly Backoff _hostBackoff;

    private RetrySchedule(int maxRetries, TimeSpan minimum, TimeSpan maximum, TimeSpan cap) =>
        (_maxRetries, _retries, _hostBackoff) = (maxRetries, new Backoff(minimum, maximum), HostBackoff(cap));

    /// <param name="function">The function, with or without a retry attribute.</param>
    /// <exception cref="InvalidOperationException">A delay of the attribute cannot be parsed.</exception>
    public static RetrySchedule Of(EventHubFunction function, TimeSpan cap) => function.Retry switch
    {
        FixedDelayRetryAttribute retry => new(
            retry.MaxRetryCount, Delay(function, retry.DelayInterval), Delay(function, retry.DelayInterval), cap),
        ExponentialBackoffRetryAttribute retry => new(
            retry.MaxRetryCount, Delay(function, retry.MinimumInterval), Delay(function, retry.MaximumInterval), cap),
        _ => new(0, FirstDelay, FirstDelay, cap),
    };

    /// <summary>Returns whether the attribute's retries are used up and this host's backoff applies.</summary>
    public bool IsExhausted(int failures) => _maxRetries >= 0 && failures > _maxRetries;

    /// <summary>Returns the delay after the given number of failed calls, at least one.</summary>
    public TimeSpan DelayAfter(int failures) => IsExhausted(failures)
        ? _hostBackoff.After(failures - _maxRetries)
        : _retries.After(failures);

    public static Backoff HostBackoff(TimeSpan max) => new(FirstDelay, max);

    private static TimeSpan Delay(EventHubFunction function, string text) =>
        TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var delay) && delay >= TimeSpan.Zero
            ? delay
            : throw new InvalidOperationException(
                $"Function '{function.Name}' has a retry delay '{text}' that is not of the form hh:mm:ss.");
}
