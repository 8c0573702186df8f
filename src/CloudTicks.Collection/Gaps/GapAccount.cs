using CloudTicks.Collection.Counters;
using CloudTicks.Foundations;
using CloudTicks.Foundations.Disks;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Gaps;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Gaps;

/// <summary>The ledger of gaps and the coverage marks on disk. A failing disk stops nothing: memory holds, and a retry follows.</summary>
internal sealed class GapAccount : IDisposable
{
    /// <summary>How far what is known to be safe is taken back: a tick waits for its record, and the record for the disk.</summary>
    private static readonly TimeSpan SafetyMargin = TimeSpan.FromSeconds(10);

    private static readonly TimeSpan BetweenMarks = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MarkDelay = TimeSpan.FromMilliseconds(100);

    private readonly CoverageMarks _marks;
    private readonly WakeSignal _changed = new();
    private readonly WakeSignal _covered = new();
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private long _saveFailures;
    private bool _saidSaveFailed;

    private GapAccount(GapLedger ledger, GapTracker tracker, CoverageMarks marks, TimeProvider time, ILogger logger)
    {
        (Ledger, Tracker, _marks, _time, _logger) = (ledger, tracker, marks, time, logger);
        ledger.OnChange = _changed.Set;
    }

    public GapLedger Ledger { get; }

    public GapTracker Tracker { get; }

    public long SaveFailures => Interlocked.Read(ref _saveFailures);

    /// <exception cref="CollectorException">It cannot be read or written.</exception>
    public static GapAccount Open(
        string folder, Func<Symbol, SymbolActivity?> activity, Func<TimeSpan> lookBack, TimeProvider time, ILogger logger, Disk disk)
    {
        try
        {
            disk.CreateOwnFolder(folder);
            var ledger = GapLedger.Open(folder, time, disk);
            if (ledger.UnfinishedBytes > 0)
            {
                logger.LedgerCut(folder, new(ledger.UnfinishedBytes));
            }

            if (ledger.Damage is { } damage)
            {
                logger.LedgerDamaged(damage.Path, damage.Places, new(damage.Bytes), damage.Entries, damage.KeptIn);
            }

            foreach (var gap in ledger.All().Where(gap => gap.State == GapState.Filling))
            {
                ledger.Change(gap.Id, known => known with { State = GapState.Open });
            }

            return new GapAccount(ledger, new GapTracker(ledger, activity, lookBack, time), new CoverageMarks(folder, disk), time, logger);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new CollectorException(
                $"the ledger of gaps in {folder} cannot be used: {exception.Message} See to its disk and its rights.", exception);
        }
    }

    /// <summary>By channel, from when on ticks may be missing, as the last run left it; null when it left nothing.</summary>
    public IReadOnlyDictionary<FeedChannel, long>? ReadMarks() => _marks.Read();

    public void WriteMarks(IEnumerable<KeyValuePair<FeedChannel, long>> marks) => Try(() => _marks.Write(marks));

    public bool Save() => Try(Ledger.Save);

    public void OnCoverage(IReadOnlyList<CoverageChange> changes)
    {
        Tracker.OnCoverage(changes);
        if (changes.Any(change => change.IsCovered))
        {
            _covered.Set();
        }
    }

    /// <summary>Makes changes durable as they come, and tells the archive of them, until stopped.</summary>
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

            await _changed.WaitAsync(BetweenMarks, _time, cancellationToken);
        }
    }

    public async Task MarkAsync(Func<bool> isFlowing, Func<TimeSpan> batchInterval, CancellationToken cancellationToken)
    {
        while (true)
        {
            // What is newly covered is noted soon; many channels are covered one after the other.
            await _covered.WaitAsync(BetweenMarks, _time, cancellationToken);
            await Task.Delay(MarkDelay, _time, cancellationToken);
            // The gaps first: a channel that is covered no more leaves the marks, and must be in the ledger by then.
            if (isFlowing() && Save())
            {
                var safe = _time.GetUtcNow() - SafetyMargin - batchInterval();
                WriteMarks(Tracker.Marks(safe.ToUnixTimeMilliseconds()));
            }
        }
    }

    public void Dispose() => Ledger.Dispose();

    private bool Try(Action write)
    {
        try
        {
            write();
            _saidSaveFailed = false;
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Interlocked.Increment(ref _saveFailures);
            if (!_saidSaveFailed)
            {
                _saidSaveFailed = true;
                _logger.LedgerNotSaved(exception.Message);
            }

            return false;
        }
    }
}
