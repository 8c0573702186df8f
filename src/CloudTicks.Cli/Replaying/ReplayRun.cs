using CloudTicks.EventStream;
using CloudTicks.Replay;
using CloudTicks.Replay.Sorting;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Cli.Replaying;

/// <summary>Opens the archive, or files captured from it, as ticks ordered by time.</summary>
internal delegate Task<TickReplay> OpenReplay(
    TickSelection selection,
    ReplayOptions options,
    ReplayCounts counts,
    Action<string> refused,
    Func<FeedGap, CancellationToken, ValueTask>? gap,
    CancellationToken cancellationToken);

/// <summary>One replay: opens the target, reads the archive, and delivers the ticks in order of time at the requested speed.</summary>
internal sealed class ReplayRun(OpenReplay archive, IReplayTarget target, ReplayPace pace, ReplayCounts counts, TextWriter errors)
{
    private const int MaxReported = 10;

    private int _refusals;

    /// <summary>Runs the replay to its end.</summary>
    /// <exception cref="ReplayException">The replay cannot continue.</exception>
    /// <exception cref="EventStreamException">The archive or the target topic cannot be used.</exception>
    public async Task RunAsync(TickSelection selection, ReplayOptions options, CancellationToken cancellationToken)
    {
        // Open the target before the archive's end is read: live ingestion delivers the ticks after that end.
        await target.OpenAsync(cancellationToken);
        Func<FeedGap, CancellationToken, ValueTask>? gap = target.AcceptsGaps ? target.AddGapAsync : null;
        using var ticks = await archive(selection, options, counts, ReportRefusal, gap, cancellationToken);
        await PlayAsync(ticks, cancellationToken);
        await target.DeliverAsync(counts.Feed, all: true, cancellationToken);
        await target.CompleteAsync(cancellationToken);
        if (_refusals > MaxReported)
        {
            errors.WriteLine($"Further problems of this kind, not listed: {_refusals - MaxReported}.");
        }
    }

    private async Task PlayAsync(TickReplay ticks, CancellationToken cancellationToken)
    {
        var waits = false;
        while (FillBuffer(ticks, ref waits))
        {
            await target.DeliverAsync(counts.Feed, all: waits, cancellationToken);
            if (waits)
            {
                await pace.WaitAsync(ticks.TimestampMs, cancellationToken);
            }

            cancellationToken.ThrowIfCancellationRequested();
        }
    }

    /// <summary>Fills the target's buffer until it is full or the next tick is not due yet.</summary>
    /// <returns>False when no tick is left.</returns>
    private bool FillBuffer(TickReplay ticks, ref bool waits)
    {
        var tick = default(Tick);
        if (waits)
        {
            waits = false;
            ticks.ReadAgain(ref tick, out var source, out var identity);
            target.Add(tick, source, identity, ticks.Partition);
        }

        while (!target.IsFull)
        {
            if (!ticks.TryRead(ref tick, out var source, out var identity))
            {
                return false;
            }

            if (!pace.IsDue(tick.TimestampMs))
            {
                waits = true;
                return true;
            }

            target.Add(tick, source, identity, ticks.Partition);
        }

        return true;
    }

    private void ReportRefusal(string sentence)
    {
        if (++_refusals <= MaxReported)
        {
            errors.WriteLine(sentence);
        }
    }
}
