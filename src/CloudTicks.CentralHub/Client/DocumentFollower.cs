using CloudTicks.Foundations;

namespace CloudTicks.CentralHub.Client;

/// <summary>Follows a document with long polls and announcements, and rereads it unconditionally every 30 s.</summary>
internal sealed class DocumentFollower(HubConnection hub, FollowedDocument document, TimeProvider time)
{
    private static readonly TimeSpan RereadInterval = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstRetryDelay = TimeSpan.FromMilliseconds(250);

    /// <summary>The delays between failed requests. Their random factor spreads the processes that reconnect to a restarted hub.</summary>
    private static readonly Backoff RetryDelays = new(FirstRetryDelay, TimeSpan.FromSeconds(2), MinFactor: 0.75, MaxFactor: 1.25);

    private static readonly TimeSpan MaxRetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>
    /// The minimum time from one poll to the next after a change, a safeguard against a hub that always responds immediately.
    /// </summary>
    private static readonly TimeSpan MinPollIntervalAfterChange = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan MinPollInterval = TimeSpan.FromSeconds(1);

    private readonly WakeSignal _announced = new();
    private long? _lastReadAt;

    public void Announce() => _announced.Set();

    /// <summary>Applies the document on disk, then the hub's if it responds in time. Does not fail when neither is available.</summary>
    /// <param name="timeout">How long to wait for the hub.</param>
    public async Task BeginAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        document.ReadFile();
        using var timeLimit = new CancellationTokenSource(timeout, time);
        using var linked = CancellationTokenSource.CreateLinkedTokenSource(timeLimit.Token, cancellationToken);
        try
        {
            await ReadAsync(linked.Token);
        }
        catch (HubException exception)
        {
            document.RecordFailure(exception, isStart: true);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            var sentence = $"The central hub at {hub.Address.Authority} did not respond within {timeout.TotalSeconds:0.#} s.";
            document.RecordFailure(new HubException(HubException.Timeout, sentence, inner: exception), isStart: true);
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        var failures = 0;
        while (true)
        {
            try
            {
                var untilReread = _lastReadAt is { } last ? RereadInterval - time.GetElapsedTime(last) : TimeSpan.Zero;
                await (untilReread > TimeSpan.Zero ? PollAsync(untilReread, stopping) : ReadAsync(stopping));
                failures = 0;
            }
            catch (HubException exception)
            {
                document.RecordFailure(exception);
                _lastReadAt = null;
                failures++;
                await _announced.WaitAsync(exception.RetryAfter is { } delay ? Clamp(delay) : RetryDelays.After(failures), time, stopping);
            }
        }
    }

    private async Task ReadAsync(CancellationToken cancellationToken)
    {
        document.Apply(await hub.ReadAsync(null, TimeSpan.Zero, cancellationToken), hub.Address);
        _lastReadAt = time.GetTimestamp();
    }

    /// <summary>Waits until the hub responds or a change is announced, then applies the new version, if there is one.</summary>
    private async Task PollAsync(TimeSpan within, CancellationToken stopping)
    {
        var (before, began) = (document.NewestTag, time.GetTimestamp());
        using var polling = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var response = hub.ReadAsync(before, within, polling.Token);
        var announcement = _announced.WaitAsync(within, time, polling.Token);
        await Task.WhenAny(response, announcement);
        await polling.CancelAsync();
        await ((Task)announcement).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // Cancelling the wait must not lose an announcement that arrived together with the response.
        var isAnnounced = announcement.IsCompletedSuccessfully && await announcement;
        try
        {
            document.Apply(await response, hub.Address);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // A change was announced, or the reread is due.
        }

        if (isAnnounced)
        {
            document.Apply(await hub.ReadAsync(document.NewestTag, TimeSpan.Zero, stopping), hub.Address);
        }

        var minimum = document.NewestTag == before && !isAnnounced ? MinPollInterval : MinPollIntervalAfterChange;
        if (time.GetElapsedTime(began) is var took && took < minimum)
        {
            // An announcement ends the pause; the next poll returns the change.
            await _announced.WaitAsync(minimum - took, time, stopping);
        }
    }

    private static TimeSpan Clamp(TimeSpan delay) =>
        delay < FirstRetryDelay ? FirstRetryDelay : delay > MaxRetryAfter ? MaxRetryAfter : delay;
}
