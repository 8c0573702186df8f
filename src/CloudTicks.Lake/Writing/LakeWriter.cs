using CloudTicks.EventStream;
using CloudTicks.EventStream.Records;
using CloudTicks.EventStream.Topics;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Retaining;
using CloudTicks.Lake.Storage;
using CloudTicks.Ticks.Status;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Lake.Writing;

/// <summary>
/// Writes all new records of the archive to the lake, starting at the positions that the lake stores. The writer keeps the lake's lock
/// between calls, so that only one of several hosts writes; another host takes over when that host stops.
/// </summary>
internal sealed class LakeWriter(
    ILakeStore store, ITickFiles files, ArchiveReader archive, LakeOptions options, LakeMetrics metrics, TimeProvider time, ILogger logger,
    ArchiveRetention? archiveRetention = null)
    : IDisposable
{
    /// <summary>
    /// A call that found fewer new records than this ends after writing them; the next call writes the records that arrived meanwhile.
    /// </summary>
    private const long MinRecordsToContinue = 10_000;

    private static readonly TimeSpan MaxMergeTime = TimeSpan.FromSeconds(30);

    /// <summary>How often <see cref="LakePositions.CompleteToMs"/> is advanced while the archive has no new records.</summary>
    private static readonly TimeSpan CompletionInterval = TimeSpan.FromMinutes(10);

    private readonly LakeReports _reports = new(store.Location, metrics, time, logger);
    private LakeWriterSession? _session;
    private long? _lastRunEndedAt;

    /// <summary>The status as of the last round.</summary>
    public LakeStatus Status => _reports.Status;

    /// <summary>
    /// Writes new records of the archive to the lake, and merges files. Does nothing if the last run ended less than an interval ago. While
    /// a command requests the lock, the call only releases the lock. A failure is logged, and a later call continues.
    /// </summary>
    /// <param name="cancellationToken">Cancels the call; the current round will be repeated.</param>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        if (store.IsLockRequested)
        {
            Dispose();
            _reports.ReportLockReleased();
            return;
        }

        if (_lastRunEndedAt is { } ended && time.GetElapsedTime(ended) < options.Interval)
        {
            return;
        }

        try
        {
            _session ??= await LakeWriterSession.TryOpenAsync(store, files, options, time, logger, cancellationToken);
            if (_session is null)
            {
                _reports.ReportLockedByOther();
            }
            else
            {
                await RunAsync(_session, cancellationToken);
                _reports.ReportSuccess();
            }
        }
        catch (LakeConflictException)
        {
            // The next call reopens the lake, reads the other writer's version, and repeats this round, so nothing is lost.
            Dispose();
        }
        catch (Exception problem) when (
            problem is IOException or UnauthorizedAccessException or LakeException or EventStreamException or DuckDbException
                or DllNotFoundException)
        {
            Dispose();
            _reports.ReportFailure(problem);
        }
        catch
        {
            Dispose();
            throw;
        }
        finally
        {
            _lastRunEndedAt = time.GetTimestamp();
        }
    }

    /// <summary>Releases the lock.</summary>
    public void Dispose()
    {
        files.Release(); // before releasing the lock, whose next holder deletes the temporary folder
        _session?.Dispose();
        _session = null;
    }

    private async Task RunAsync(LakeWriterSession session, CancellationToken cancellationToken)
    {
        await session.DeleteReplacedAsync(cancellationToken);
        var stream = await archive.IdentifyAsync(cancellationToken);
        while (true)
        {
            await session.RefreshAsync(cancellationToken);
            var queriedMs = time.GetUtcNow().ToUnixTimeMilliseconds();
            var ends = await archive.WatermarksAsync(cancellationToken);
            await SkipAsync(session, stream, ends, cancellationToken);
            var ranges = FindMissingRanges(session.Catalog.Positions, stream, ends);
            await foreach (var (round, next) in archive.ReadAsync(stream, ranges, options, only: null, cancellationToken))
            {
                var started = time.GetTimestamp();
                var rows = await session.Writer.WriteAsync(round, next, cancellationToken);
                _reports.ReportRound(round, rows, time.GetElapsedTime(started));
                _reports.ReportContent(session, ranges.Sum(range => Math.Max(0, range.To - next[range.Partition])));
                await archive.CommitAsync(next, cancellationToken);
                if (store.IsLockRequested)
                {
                    return;
                }
            }

            if (ranges.Count > 0 || queriedMs - session.Catalog.Positions.CompleteToMs >= CompletionInterval.TotalMilliseconds)
            {
                await session.Writer.CompleteAsync(queriedMs, cancellationToken);
            }

            if (ranges.Sum(range => range.To - range.From) < MinRecordsToContinue)
            {
                break;
            }
        }

        _reports.ReportDroppedDays(await session.Retention.DropAsync(cancellationToken), options);
        _reports.ReportContent(session, lag: 0);
        await DropFromArchiveAsync(stream, cancellationToken);
        await MergeAsync(session, cancellationToken);
    }

    private async Task DropFromArchiveAsync(string stream, CancellationToken cancellationToken)
    {
        try
        {
            await (archiveRetention?.DropAsync(stream, cancellationToken) ?? Task.CompletedTask);
        }
        catch (EventStreamException refused)
        {
            logger.ArchiveNotDropped(refused.Message);
        }
    }

    /// <summary>
    /// Merges the files that are due, for a limited time: many days may be due after a large backfill, but new ticks have priority.
    /// </summary>
    private async Task MergeAsync(LakeWriterSession session, CancellationToken cancellationToken)
    {
        var started = time.GetTimestamp();
        while (!store.IsLockRequested && time.GetElapsedTime(started) < MaxMergeTime && session.Merger.Next() is var (day, old))
        {
            try
            {
                await session.Merger.MergeAsync(day, old, cancellationToken);
                _reports.ReportMerge(old.Count);
                _reports.ReportContent(session, lag: 0);
            }
            catch (LakeException damaged) when (damaged is not LakeConflictException)
            {
                _reports.ReportMergeFailure(damaged);
            }
        }
    }

    /// <summary>Advances positions that are before the start of the archive to that start, and logs the skipped records.</summary>
    private async Task SkipAsync(
        LakeWriterSession session, string stream, IReadOnlyList<PartitionWatermarks> ends, CancellationToken cancellationToken)
    {
        var newPositions = new Dictionary<int, long>();
        foreach (var end in ends)
        {
            var next = session.Catalog.Positions.NextOf(stream, end.Partition);
            if (next > 0 && next < end.Low)
            {
                logger.RecordsDeleted(TopicNames.TickArchive, end.Partition, next, end.Low - 1);
            }

            if (next < end.Low)
            {
                newPositions[end.Partition] = end.Low;
            }
        }

        if (newPositions.Count > 0)
        {
            await session.Writer.SkipAsync(stream, newPositions, cancellationToken);
        }
    }

    private List<OffsetRange> FindMissingRanges(LakePositions positions, string stream, IReadOnlyList<PartitionWatermarks> ends)
    {
        var ranges = new List<OffsetRange>();
        foreach (var end in ends)
        {
            var next = positions.NextOf(stream, end.Partition);
            if (next > end.High)
            {
                throw new LakeException(
                    $"{TopicNames.TickArchive}/{end.Partition} ends at offset {end.High}, but the lake in {store.Location} holds records "
                    + $"up to {next}: the archive has lost records. Restore its data, or configure a new location for the lake.");
            }

            if (next < end.High)
            {
                ranges.Add(new OffsetRange(end.Partition, next, end.High));
            }
        }

        return ranges;
    }
}
