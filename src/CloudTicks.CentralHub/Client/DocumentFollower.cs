using CloudTicks.Foundations;

namespace CloudTicks.CentralHub.Client;

/// <summary>Follows one document by long polls, at once when a change is announced, and reads it whole every 30 s in any case.</summary>
internal sealed class DocumentFollower(HubConnection hub, FollowedDocument document, TimeProvider time)
{
    private static readonly TimeSpan BetweenRereads = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(250);

    /// <summary>Many processes come back to a hub that has just come back.</summary>
    private static readonly Backoff Pauses = new(FirstPause, TimeSpan.FromSeconds(2), MinShare: 0.75, MaxShare: 1.25);

    private static readonly TimeSpan LongestRetryAfter = TimeSpan.FromSeconds(10);

    /// <summary>A hub whose answers come at once, changed or not, is not asked in a tight loop.</summary>
    private static readonly TimeSpan BetweenChanges = TimeSpan.FromMilliseconds(100);

    private static readonly TimeSpan LeastHeld = TimeSpan.FromSeconds(1);

    private readonly WakeSignal _announced = new();
    private long? _lastWhole;

    public void Announce() => _announced.Set();

    /// <summary>Begins with what was kept on disk, and with what the hub says if it answers soon. It never fails because of them.</summary>
    /// <param name="patience">How long the hub may take.</param>
    public async Task BeginAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        document.TakeFile();
        using var limit = new CancellationTokenSource(patience, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(limit.Token, cancellationToken);
        try
        {
            await ReadWholeAsync(either.Token);
        }
        catch (HubException exception)
        {
            document.Lose(exception, isStart: true);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            var sentence = $"The central hub at {hub.Address.Authority} did not answer within {patience.TotalSeconds:0.#} s.";
            document.Lose(new HubException(HubException.Timeout, sentence, inner: exception), isStart: true);
        }
    }

    public async Task RunAsync(CancellationToken stopping)
    {
        var failures = 0;
        while (true)
        {
            try
            {
                var left = _lastWhole is { } last ? BetweenRereads - time.GetElapsedTime(last) : TimeSpan.Zero;
                await (left > TimeSpan.Zero ? PollAsync(left, stopping) : ReadWholeAsync(stopping));
                failures = 0;
            }
            catch (HubException exception)
            {
                document.Lose(exception);
                _lastWhole = null;
                failures++;
                await _announced.WaitAsync(exception.RetryAfter is { } after ? Within(after) : Pauses.After(failures), time, stopping);
            }
        }
    }

    private async Task ReadWholeAsync(CancellationToken cancellationToken)
    {
        document.Take(await hub.ReadAsync(null, TimeSpan.Zero, cancellationToken), hub.Address);
        _lastWhole = time.GetTimestamp();
    }

    /// <summary>Waits for another version: for as long as the hub holds the answer, or until one is announced.</summary>
    private async Task PollAsync(TimeSpan within, CancellationToken stopping)
    {
        var (before, began) = (document.Seen, time.GetTimestamp());
        using var polling = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        var answer = hub.ReadAsync(before, within, polling.Token);
        var announcement = _announced.WaitAsync(within, time, polling.Token);
        await Task.WhenAny(answer, announcement);
        await polling.CancelAsync();
        await ((Task)announcement).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        // One that came while the answer came must not be lost with the wait for it.
        var isAnnounced = announcement.IsCompletedSuccessfully && await announcement;
        try
        {
            document.Take(await answer, hub.Address);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            // Announced, or it is time to read everything again.
        }

        if (isAnnounced)
        {
            document.Take(await hub.ReadAsync(document.Seen, TimeSpan.Zero, stopping), hub.Address);
        }

        var least = document.Seen == before && !isAnnounced ? LeastHeld : BetweenChanges;
        if (time.GetElapsedTime(began) is var took && took < least)
        {
            // A change that is announced meanwhile is what the next poll is answered with.
            await _announced.WaitAsync(least - took, time, stopping);
        }
    }

    private static TimeSpan Within(TimeSpan after) =>
        after < FirstPause ? FirstPause : after > LongestRetryAfter ? LongestRetryAfter : after;
}
