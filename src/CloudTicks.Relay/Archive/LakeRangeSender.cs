using CloudTicks.Lake.Reading;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Archive;

/// <summary>
/// Sends a range of the lake to one client. Each batch is sent at the client's pace before the next one is queried, so that memory is
/// bounded and no query waits for a client. Hours that cannot be read are omitted, and reported to the client in a status.
/// </summary>
internal sealed class LakeRangeSender(LakeReader lake, LakeTickRange range, IEventSubscriber client, History history, ILogger logger)
{
    private const int BatchRows = 16_384;
    private const int BatchBytes = 4 << 20;

    private const long MsPerHour = 3_600_000;
    private const long MinStepMs = 1_000;
    private const long MaxStepMs = 32 * 24 * MsPerHour;

    /// <summary>The number of unreadable hours after which the rest of the range is also omitted.</summary>
    private const int MaxUnreadable = 200;

    /// <summary>
    /// The maximum number of attempts while the lake is busy with other requests, or while queries time out; each takes 10 to 20 s.
    /// </summary>
    private const int MaxWaits = 30;

    private readonly Queue<EventRun> _full = new();
    private EventRun _run = new();
    private LakeTickCursor? _last;
    private (long FromMs, long ToMs, string Reason)? _missing;

    /// <exception cref="LakeUnavailableException">The lake cannot be read at all, or stays busy with other requests.</exception>
    public async Task SendAsync(CancellationToken cancellationToken)
    {
        try
        {
            await SendStepsAsync(cancellationToken);
            ReportMissing();
        }
        finally
        {
            _run.Clear();
            foreach (var run in _full)
            {
                run.Clear();
            }
        }
    }

    private async Task SendStepsAsync(CancellationToken cancellationToken)
    {
        var (next, step, unreadable, timeouts) = (range.FromMs, MsPerHour, 0, 0);
        while (await lake.FindNextMsAsync(range with { FromMs = next }, cancellationToken) is { } from)
        {
            var to = range.ToMs - from > step ? from + step : range.ToMs;
            try
            {
                var rows = await ReadAsync(from, to, cancellationToken);
                var isComplete = rows is not null;
                // Adapt the step so that a query returns about one batch: steps are long where ticks are few.
                step = !isComplete ? Math.Max(step / 4, MinStepMs) : rows < BatchRows / 4 ? Math.Min(step * 2, MaxStepMs) : step;
                next = isComplete ? to : _last!.Value.TimestampMs;
                timeouts = 0;
                ReportMissing();
                await FlushAsync(cancellationToken);
            }
            catch (LakeUnavailableException slow) when (slow.IsTimeout && ++timeouts < MaxWaits)
            {
                (next, step) = (Math.Max(from, _last?.TimestampMs ?? from), Math.Max(step / 4, MinStepMs));
                await FlushAsync(cancellationToken);
            }
            catch (LakeUnavailableException damaged) when (!damaged.IsTransient)
            {
                await FlushAsync(cancellationToken);
                next = Math.Max(from, _last?.TimestampMs ?? from);
                var hourEnd = next - (next % MsPerHour) + MsPerHour;
                if (to > hourEnd)
                {
                    step = hourEnd - next;
                    continue;
                }

                var end = ++unreadable < MaxUnreadable ? Math.Min(hourEnd, range.ToMs) : range.ToMs;
                _missing = (_missing?.FromMs ?? next, end, damaged.Message);
                (next, step) = (end, MsPerHour);
            }
        }
    }

    /// <summary>Reads a range until its end, or until a batch is full.</summary>
    /// <returns>The number of rows; null when the batch was full before the end.</returns>
    private async Task<int?> ReadAsync(long fromMs, long toMs, CancellationToken cancellationToken)
    {
        var (rows, bytes, isFull) = (0, 0, false);
        bool Visit(scoped in Tick tick, TickSource source, ulong identity)
        {
            _last = new LakeTickCursor(tick.TimestampMs, tick.Sequence, identity);
            history.Select(tick, source, identity, tick.Symbol.PartitionOf(range.Handover!.Partitions), _run);
            if (_run.Length >= History.RunBytes)
            {
                bytes += _run.Length;
                _full.Enqueue(_run);
                _run = new EventRun();
            }

            isFull = ++rows >= BatchRows || bytes >= BatchBytes;
            return !isFull;
        }

        for (var waits = 1; ; waits++)
        {
            try
            {
                await lake.ReadAsync(
                    range with { FromMs = fromMs, ToMs = toMs, After = _last, BatchRows = BatchRows }, Visit, cancellationToken);
                return isFull ? null : rows;
            }
            catch (LakeUnavailableException busy) when (busy.IsTransient && waits < MaxWaits)
            {
                // The lake is busy with other requests: retry.
            }
        }
    }

    private async Task FlushAsync(CancellationToken cancellationToken)
    {
        while (_full.TryDequeue(out var run))
        {
            await history.SendAsync(run, cancellationToken);
        }

        await history.SendAsync(_run, cancellationToken);
    }

    private void ReportMissing()
    {
        if (_missing is var (fromMs, toMs, reason))
        {
            _missing = null;
            var period = toMs == long.MaxValue ? $"since {fromMs}" : $"from {fromMs} to {toMs}";
            logger.LakeUnreadable(period, reason);
            client.Warn($"events {period} that only the lake has are missing: {reason}");
        }
    }
}
