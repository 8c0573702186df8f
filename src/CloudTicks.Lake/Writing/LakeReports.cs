using CloudTicks.Foundations;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Lake.Writing;

/// <summary>Reports on the lake in the log, the meters and the status.</summary>
internal sealed class LakeReports(string location, LakeMetrics metrics, TimeProvider time, ILogger logger)
{
    private readonly OutageLog _outage = new(time);
    private bool _isLockLogged;
    private bool _isReleased;
    private bool _isFaultLogged;
    private volatile LakeStatus _status = new(location, 0, 0, 0);

    public LakeStatus Status => _status;

    /// <summary>Reports a written round.</summary>
    /// <param name="rows">The number of added ticks.</param>
    public void ReportRound(LakeRound round, long rows, TimeSpan took)
    {
        metrics.Written(rows, round.Unreadable, round.Refused, took);
        if (round.Fault is { } fault && !_isFaultLogged)
        {
            _isFaultLogged = true;
            logger.FirstSkipped(round.Unreadable, round.Refused, fault);
        }
    }

    /// <summary>Reports days dropped by retention.</summary>
    public void ReportDroppedDays(IReadOnlyList<DayEntry> days, LakeOptions options)
    {
        if (days.Count > 0)
        {
            var files = days.SelectMany(day => day.Manifest.Files).ToList();
            logger.DaysDropped(
                days.Count, days.Max(day => day.Day.Date), files.Sum(file => file.Rows), new ByteSize(files.Sum(file => file.Bytes)),
                options.RetentionDays ?? 0);
        }
    }

    public void ReportMerge(int files) => metrics.Merged(files);

    public void ReportMergeFailure(LakeException problem) => logger.NotMerged(problem.Message);

    /// <summary>Reports the current content of the lake.</summary>
    /// <param name="lag">The number of archive records that are not in the lake.</param>
    public void ReportContent(LakeWriterSession session, long lag)
    {
        var positions = session.Catalog.Positions;
        var allFiles = session.Catalog.Days.Values.SelectMany(day => day.Manifest.Files).ToList();
        metrics.SetLag(lag);
        _status = new LakeStatus(location, allFiles.Sum(file => file.Rows), allFiles.Sum(file => file.Bytes), allFiles.Count)
        {
            Oldest = allFiles.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(allFiles.Min(file => file.FirstMs)),
            RetentionDays = session.Retention.Days,
            Newest = allFiles.Count == 0 ? null : DateTimeOffset.FromUnixTimeMilliseconds(allFiles.Max(file => file.LastMs)),
            LagRecords = lag,
            ArchiveBytesPerTick = positions.ArchiveTicks == 0
                ? null : Math.Round((double)positions.ArchiveBytes / positions.ArchiveTicks, 2),
            Writes = true,
            Problem = session.Catalog.Problems.Count > 0 ? session.Catalog.Problems[0] : null,
        };
    }

    /// <summary>Reports that another process holds the lock.</summary>
    public void ReportLockedByOther()
    {
        _status = _status with { Problem = null, Writes = false };
        if (!_isLockLogged)
        {
            _isLockLogged = true;
            logger.LakeLockedByOther(location);
        }
    }

    /// <summary>Reports that the lock was released for a repair.</summary>
    public void ReportLockReleased()
    {
        if (!_isReleased)
        {
            _isReleased = true;
            logger.LakeLockReleased(location);
        }
    }

    public void ReportSuccess()
    {
        _isReleased = false;
        if (_outage.End(out var lasted))
        {
            logger.LakeWrittenAgain((long)lasted.TotalSeconds);
        }
    }

    public void ReportFailure(Exception problem)
    {
        var text = problem is IOException or DuckDbException ? $"{location}: {problem.Message}" : problem.Message;
        metrics.SetLag(null);
        _status = _status with { Problem = text, LagRecords = null, Writes = false };
        switch (_outage.Failed(out var lasted))
        {
            case OutageNotice.First:
                logger.LakeStopped(text);
                break;
            case OutageNotice.Reminder:
                logger.LakeStillNotWritten((long)lasted.TotalSeconds, text);
                break;
        }
    }
}
