using CloudTicks.Verification;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>The time between the first tick and the last of a run that ends by itself.</summary>
internal sealed class FeedRun(FeedClient feed, LocalEnvironment environment)
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan BetweenWords = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstTickPatience = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ArrivalPatience = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan AcknowledgementPatience = TimeSpan.FromSeconds(60);

    /// <summary>How long the feed ran, from its first tick.</summary>
    public double Seconds { get; private set; }

    /// <summary>What the feed sent, by symbol; null on the real feed.</summary>
    public IReadOnlyDictionary<string, FeedCounts>? Sent { get; private set; }

    /// <summary>What the collectors read.</summary>
    public CollectorCounts Received { get; private set; } = new(0, new Dictionary<string, long>());

    /// <summary>Waits for the first tick, then for the end of the time or of the replay, and until the collector has read all that was sent.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        var firstTickMs = await WaitForFirstTickAsync(cancellationToken);
        var started = environment.Time.GetTimestamp();
        if (environment.Options.For is { } time)
        {
            environment.Parts.EndsAt = environment.Time.GetUtcNow() + time;
            environment.Lines.Write("run", $"the first tick is here; {time.TotalSeconds:0.#} s from now the feed ends");
            await WaitForEndAsync(() => environment.Time.GetElapsedTime(started) >= time, cancellationToken);
        }
        else
        {
            environment.Lines.Write("run", "the first tick is here; the feed ends behind the last tick of the replay");
            await WaitForEndAsync(() => false, cancellationToken);
        }

        if (feed.IsSimulated)
        {
            await feed.StopSimulatorAsync(cancellationToken);
        }

        Seconds = (environment.Time.GetUtcNow().ToUnixTimeMilliseconds() - firstTickMs) / 1000.0;
        await WaitForArrivalAsync(cancellationToken);
    }

    /// <returns>When the collector read it, Unix ms: a replay may be over before anybody has asked.</returns>
    private async Task<long> WaitForFirstTickAsync(CancellationToken cancellationToken)
    {
        var since = environment.Time.GetTimestamp();
        while (true)
        {
            if ((await feed.CollectorsAsync(cancellationToken)).FirstTickMs is { } firstTickMs)
            {
                return firstTickMs;
            }

            // A market may be closed: the real feed is waited for as long as the user likes.
            if (feed.IsSimulated && environment.Time.GetElapsedTime(since) > FirstTickPatience)
            {
                throw new LocalRunException(
                    $"no tick came within {FirstTickPatience.TotalSeconds:0} s; the collector's last words: {environment.Lines.LastOf("collector")}");
            }

            await Task.Delay(BetweenLooks, environment.Time, cancellationToken);
        }
    }

    private async Task WaitForEndAsync(Func<bool> isOver, CancellationToken cancellationToken)
    {
        var lastWord = environment.Time.GetTimestamp();
        while (!isOver())
        {
            if (environment.Options.Replay.Count > 0 && (await feed.SimulatorAsync(cancellationToken)).Finished)
            {
                return;
            }

            if (environment.Time.GetElapsedTime(lastWord) > BetweenWords)
            {
                lastWord = environment.Time.GetTimestamp();
                environment.Lines.Write("run", $"{(await feed.CollectorsAsync(cancellationToken)).Received:N0} ticks read");
            }

            await Task.Delay(BetweenLooks, environment.Time, cancellationToken);
        }
    }

    private async Task WaitForArrivalAsync(CancellationToken cancellationToken)
    {
        if (feed.IsSimulated)
        {
            var sent = await feed.SimulatorAsync(cancellationToken);
            Sent = sent.ToCounts();
            await WaitWhileMovingAsync(status => (status.Received, sent.Sent), ArrivalPatience, cancellationToken);
        }

        // A collector that is told to stop gives up after some seconds what is not acknowledged by then, which is too soon for an event
        // hub that was killed just now. The real feed goes on meanwhile, so what was read by now counts.
        var read = (await feed.CollectorsAsync(cancellationToken)).Received;
        await WaitWhileMovingAsync(status => (status.Archived + status.Rejected.Values.Sum(), read), AcknowledgementPatience, cancellationToken);
        Received = (await feed.CollectorsAsync(cancellationToken)).ToCounts();
    }

    /// <summary>Waits until a number has reached what it should, or has not moved for the patience.</summary>
    private async Task WaitWhileMovingAsync(
        Func<CollectorStatus, (long Is, long ShouldBe)> number, TimeSpan patience, CancellationToken cancellationToken)
    {
        var (last, since) = (-1L, environment.Time.GetTimestamp());
        while (true)
        {
            var (now, end) = number(await feed.CollectorsAsync(cancellationToken));
            if (now >= end || (now == last && environment.Time.GetElapsedTime(since) >= patience))
            {
                return;
            }

            if (now != last)
            {
                (last, since) = (now, environment.Time.GetTimestamp());
            }

            await Task.Delay(BetweenLooks, environment.Time, cancellationToken);
        }
    }
}
