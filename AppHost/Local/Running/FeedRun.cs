using CloudTicks.AppHost.Local.Lines;
using CloudTicks.Verification;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>A run that ends by itself, from its first tick to its last. Counters survive restarts of parts.</summary>
internal sealed class FeedRun(FeedClient feed, LocalEnvironment environment)
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan FeedPollInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan ReportInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan FirstTickTimeout = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan ArrivalTimeout = TimeSpan.FromSeconds(10);

    /// <summary>
    /// After a collector was restarted, the counters are taken as final when they have not changed for this time. They may never reach the
    /// number of sent ticks, because the last ticks that a killed collector read are in no counter.
    /// </summary>
    private static readonly TimeSpan SettledAfter = TimeSpan.FromSeconds(1);

    /// <summary>Time for a part that was killed at the last moment to restart and finish its work.</summary>
    private static readonly TimeSpan RestartTimeout = TimeSpan.FromSeconds(60);

    private readonly CollectorHistory _collectors = new(feed);
    private long _beganMs;
    private long _endedMs;

    public double Seconds => (_endedMs - _beganMs) / 1000.0;

    /// <summary>What the feed sent, by symbol; null for the real feed, and if the simulator was restarted during the run.</summary>
    public IReadOnlyDictionary<string, FeedCounts>? Sent { get; private set; }

    public CollectorCounts Received => _collectors.ToCounts();

    public IReadOnlyList<RunGap> Gaps { get; private set; } = [];

    /// <summary>
    /// Waits for the first tick and for the end of the set time or of the replay, and stops the simulator. Then waits until the collectors
    /// have read everything, filled the gaps that they can, and archived their ticks.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        _beganMs = await WaitForFirstTickAsync(cancellationToken);
        var started = environment.Time.GetTimestamp();
        if (environment.Options.For is { } time)
        {
            environment.Parts.EndsAt = environment.Time.GetUtcNow() + time;
            environment.Lines.Write("run", $"the first tick is here; the feed ends in {time.TotalSeconds:0.#} s");
            await WaitForEndAsync(() => environment.Time.GetElapsedTime(started) >= time, cancellationToken);
        }
        else
        {
            environment.Lines.Write("run", "the first tick is here; the feed ends after the last tick of the replay");
            await WaitForEndAsync(() => false, cancellationToken);
        }

        var sent = feed.IsSimulated ? await StopSimulatorAsync(cancellationToken) : null;
        _endedMs = environment.Time.GetUtcNow().ToUnixTimeMilliseconds();
        await WaitForArrivalAsync(sent, cancellationToken);
        Gaps = await new GapWait(feed, environment).RunAsync(_beganMs, _endedMs, cancellationToken);
        await WaitForDrainAsync(cancellationToken);
        Sent = sent?.ToCounts(await SelectedAsync(cancellationToken));
    }

    /// <returns>
    /// The time at which the collector read the first tick, Unix ms. The time of the poll would be too late: a short replay may have ended.
    /// </returns>
    private async Task<long> WaitForFirstTickAsync(CancellationToken cancellationToken)
    {
        var since = environment.Time.GetTimestamp();
        while (true)
        {
            await _collectors.ReadAsync(cancellationToken);
            if (_collectors.Total.FirstTickMs is { } firstTickMs)
            {
                return firstTickMs;
            }

            // The real market may be closed: wait as long as the user does.
            if (feed.IsSimulated && environment.Time.GetElapsedTime(since) > FirstTickTimeout)
            {
                throw new LocalRunException(
                    $"no tick arrived within {FirstTickTimeout.TotalSeconds:0} s; the collector's last lines: "
                        + $"{environment.Lines.LastOf("collector")}");
            }

            await Task.Delay(PollInterval, environment.Time, cancellationToken);
        }
    }

    private async Task WaitForEndAsync(Func<bool> isOver, CancellationToken cancellationToken)
    {
        var reportedAt = environment.Time.GetTimestamp();
        while (!isOver())
        {
            // A replay ends by itself, and a user may stop the simulator.
            if (feed.IsSimulated && await feed.TrySimulatorAsync(cancellationToken) is { Sending: false })
            {
                return;
            }

            await _collectors.ReadAsync(cancellationToken);
            if (environment.Time.GetElapsedTime(reportedAt) > ReportInterval)
            {
                reportedAt = environment.Time.GetTimestamp();
                environment.Lines.Write("run", $"{Counted.Of(_collectors.Total.Received, "tick")} read");
            }

            await Task.Delay(FeedPollInterval, environment.Time, cancellationToken);
        }
    }

    private async Task<SimulatorStatus?> StopSimulatorAsync(CancellationToken cancellationToken)
    {
        var since = environment.Time.GetTimestamp();
        while (true)
        {
            if (await feed.TryStopSimulatorAsync(cancellationToken) is { } sent)
            {
                // A restarted simulator has lost its earlier counts.
                return environment.Parts.RestartsOf("simulator") > 0 ? null : sent;
            }

            if (environment.Time.GetElapsedTime(since) > RestartTimeout)
            {
                return null;
            }

            await Task.Delay(PollInterval, environment.Time, cancellationToken);
        }
    }

    private Task WaitForArrivalAsync(SimulatorStatus? sent, CancellationToken cancellationToken) => sent is null
        ? Task.CompletedTask
        : WaitWhileMovingAsync(
            () => _collectors.Total.Received >= sent.Sent,
            () => !_collectors.AllRespond ? RestartTimeout : _collectors.HasRestarts ? SettledAfter : ArrivalTimeout,
            cancellationToken);

    /// <summary>Waits until the ticks are archived. A stopping collector would not wait until a killed event hub has restarted.</summary>
    private async Task WaitForDrainAsync(CancellationToken cancellationToken)
    {
        await _collectors.ReadAsync(cancellationToken);
        var read = _collectors.Newest.Received;
        await WaitWhileMovingAsync(
            () => _collectors.AllRespond && (_collectors.Newest.IsDrained || (!feed.IsSimulated && _collectors.Newest.Archived >= read)),
            () => RestartTimeout,
            cancellationToken);
    }

    /// <summary>
    /// The symbols selected at the end; empty if a collector does not respond, so that only ticks that were sent count as missing.
    /// </summary>
    private async Task<IReadOnlySet<string>> SelectedAsync(CancellationToken cancellationToken)
    {
        var since = environment.Time.GetTimestamp();
        while (true)
        {
            if (await feed.TrySelectedAsync(cancellationToken) is { } selected)
            {
                return selected;
            }

            if (environment.Time.GetElapsedTime(since) > RestartTimeout)
            {
                environment.Lines.Write(
                    "run", LineLevel.Warning,
                    "a collector does not report its symbols: the proof covers the ticks that were sent, not those that were missed");
                return new HashSet<string>();
            }

            await Task.Delay(PollInterval, environment.Time, cancellationToken);
        }
    }

    /// <summary>Waits until a condition is true, or until the collectors' counters have been unchanged for the given time.</summary>
    private async Task WaitWhileMovingAsync(Func<bool> isDone, Func<TimeSpan> timeout, CancellationToken cancellationToken)
    {
        var (last, since) = ((-1L, -1L), environment.Time.GetTimestamp());
        while (true)
        {
            await _collectors.ReadAsync(cancellationToken);
            var progress = (_collectors.Total.Received, _collectors.Total.Archived);
            if (isDone() || (progress == last && environment.Time.GetElapsedTime(since) >= timeout()))
            {
                return;
            }

            if (progress != last)
            {
                (last, since) = (progress, environment.Time.GetTimestamp());
            }

            await Task.Delay(PollInterval, environment.Time, cancellationToken);
        }
    }
}
