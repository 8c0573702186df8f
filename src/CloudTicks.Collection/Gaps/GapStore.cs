using CloudTicks.Collection.Counters;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Gaps;

/// <summary>The gap ledger and the coverage marks on disk. While the disk fails, changes stay in memory and saving is retried.</summary>
internal sealed class GapStore : IDisposable
{
    /// <summary>
    /// Ticks received longer ago than this plus the batch interval count as archived or spooled. A tick received later may still wait for
    /// its record to be packed, or the record may wait to be written to disk.
    /// </summary>
    private static readonly TimeSpan SafetyMargin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan MarkInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MarkDelay = TimeSpan.FromMilliseconds(100);

    private readonly CoverageMarks _marks;
    private readonly WakeSignal _changeSignal = new();
    private readonly WakeSignal _coverageSignal = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _saveFailures;
    private bool _isSaveFailureLogged;

    private GapStore(GapLedger ledger, GapTracker tracker, CoverageMarks marks, TimeProvider time, ILogger logger)
    {
        (Ledger, Tracker, _marks, _time, _logger) = (ledger, tracker, marks, time, logger);
        ledger.OnChange = _changeSignal.Set;
    }

    public GapLedger Ledger { get; }

    public GapTracker Tracker { get; }

    public long SaveFailures => Interlocked.Read(ref _saveFailures);

    /// <exception cref="CollectorException">The ledger cannot be read or written.</exception>
    public static GapStore Open(
        string folder, Func<Symbol, SymbolActivity?> activity, Func<TimeSpan> lookBack, TimeProvider time, ILogger logger, Disk disk)
    {
        try
        {
            disk.CreatePrivateFolder(folder);
            var ledger = GapLedger.Open(folder, time, disk);
            if (ledger.UnfinishedBytes > 0)
            {
                logger.LedgerCut(folder, new(ledger.UnfinishedBytes));
            }

            if (ledger.Damage is { } damage)
            {
                logger.LedgerDamaged(damage.Path, damage.Places, new(damage.Bytes), damage.Entries, damage.SavedIn);
            }

            foreach (var gap in ledger.All().Where(gap => gap.State == GapState.Filling))
            {
                ledger.Change(gap.Id, known => known with { State = GapState.Open });
            }

            return new GapStore(ledger, new GapTracker(ledger, activity, lookBack, time), new CoverageMarks(folder, disk), time, logger);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CollectorException(
                $"the gap ledger in {folder} cannot be used ({exception.Message.TrimEnd('.')}). Check the disk and the permissions.",
                exception);
        }
    }

    /// <summary>
    /// The time after which ticks may be missing according to the last run, by channel; null without a readable file of that run.
    /// </summary>
    public IReadOnlyDictionary<FeedChannel, long>? ReadMarks() => _marks.Read();

    public void WriteMarks(IEnumerable<KeyValuePair<FeedChannel, long>> marks) => Try(() => _marks.Write(marks));

    public bool Save() => Try(Ledger.Save);

    public void OnCoverage(IReadOnlyList<CoverageChange> changes)
    {
        Tracker.OnCoverage(changes);
        if (changes.Any(change => change.IsCovered))
        {
            _coverageSignal.Set();
        }
    }

    /// <summary>Saves changes as they occur and publishes them to the archive, until stopped.</summary>
    public async Task SaveAndPublishAsync(Func<CancellationToken, Task> publish, CancellationToken cancellationToken)
    {
        var publishing = Task.CompletedTask;
        while (true)
        {
            Save();
            if (publishing.IsCompleted)
            {
                await publishing;
                publishing = publish(cancellationToken);
            }

            await _changeSignal.WaitAsync(MarkInterval, _time, cancellationToken);
        }
    }

    public async Task WriteMarksAsync(Func<bool> isFlowing, Func<TimeSpan> batchInterval, CancellationToken cancellationToken)
    {
        while (true)
        {
            // Waits briefly after new coverage, because many channels become covered one after another and are stored together.
            await _coverageSignal.WaitAsync(MarkInterval, _time, cancellationToken);
            await Task.Delay(MarkDelay, _time, cancellationToken);
            // Save the gaps first: the marks omit a channel that is no longer covered, so its gap must already be in the ledger.
            if (isFlowing() && Save())
            {
                var safeUntil = _time.GetUtcNow() - SafetyMargin - batchInterval();
                WriteMarks(Tracker.Marks(safeUntil.ToUnixTimeMilliseconds()));
            }
        }
    }

    public void Dispose() => Ledger.Dispose();

    private bool Try(Action write)
    {
        try
        {
            write();
            _isSaveFailureLogged = false;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _saveFailures);
            if (!_isSaveFailureLogged)
            {
                _isSaveFailureLogged = true;
                _logger.LedgerNotSaved(exception.Message);
            }

            return false;
        }
    }
}
