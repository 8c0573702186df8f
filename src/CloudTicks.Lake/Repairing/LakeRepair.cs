using CloudTicks.EventStream;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Storage;
using CloudTicks.Lake.Writing;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Lake.Repairing;

/// <summary>
/// Rewrites hours of the lake from the archive. It requests the lock from the running writer and holds it: otherwise another host that
/// opens the lake would delete the files of the repair, because no manifest names them yet. New ticks wait in the archive meanwhile.
/// </summary>
public sealed class LakeRepair
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);
    private static readonly TimeSpan LockTimeout = TimeSpan.FromMinutes(5);

    private const int MaxAttempts = 10;
    private const int MaxRequestAttempts = 50;

    private readonly ILakeStore _store;
    private readonly ArchiveReader _archive;
    private readonly ITickFiles _files;
    private readonly LakeOptions _options;
    private readonly TimeProvider _time;

    internal LakeRepair(ILakeStore store, ArchiveReader archive, ITickFiles files, LakeOptions options, TimeProvider time) =>
        (_store, _archive, _files, _options, _time) = (store, archive, files, options, time);

    /// <summary>Creates a repair of the lake in a folder or at an address.</summary>
    /// <param name="options">The limits of a round and of DuckDB's memory.</param>
    public static LakeRepair Of(string folder, ArchiveReader archive, LakeOptions options, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(options);
        var store = LakeStores.Open(folder, null, LakeStores.DefaultCacheBytes, Environment.GetEnvironmentVariable, time);
        var files = new ParquetFiles(
            new DuckDbSettings { MemoryBytes = options.MemoryBytes, TemporaryFolder = store.TemporaryFolder });
        return new LakeRepair(store, archive, files, options, time);
    }

    /// <summary>Lists the hours of a day, for every selected kind and market that the lake has.</summary>
    /// <param name="hour">The hour; null for the whole day.</param>
    public async Task<IReadOnlyCollection<(LakeDay Day, int Hour)>> ListHoursAsync(
        DateOnly date, int? hour, Comparing.LakeSelection selection, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(selection);
        var catalog = await LakeCatalog.ReadAsync(_store, cancellationToken);
        return
        [
            .. catalog.Days.Keys.Select(day => day with { Date = date }).Distinct().Where(selection.Includes)
                .SelectMany(day => hour is { } only ? [(day, only)] : Enumerable.Range(0, 24).Select(each => (day, each))),
        ];
    }

    /// <summary>Reports what a repair would replace, without locking or changing anything.</summary>
    public async Task<LakeRepairResult> PreviewAsync(
        IReadOnlyCollection<(LakeDay Day, int Hour)> hours, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var catalog = await LakeCatalog.ReadAsync(_store, cancellationToken);
        var result = new LakeRepairResult();
        foreach (var day in hours.GroupBy(hour => hour.Day))
        {
            new DayRepair(catalog.Of(day.Key), [.. day.Select(hour => hour.Hour)]).Count(result);
        }

        return result;
    }

    /// <summary>Rewrites hours, one day at a time; a new manifest of the day replaces the old files atomically.</summary>
    /// <param name="hours">The hours.</param>
    /// <param name="progress">Receives the progress, 0 to 1.</param>
    /// <param name="waiting">Called when the repair starts to wait for another process that holds the lock.</param>
    /// <param name="cancellationToken">Stops the repair; the current day is left unchanged.</param>
    /// <exception cref="LakeException">
    /// Another repair is running, the writer does not release the lock, or a later version of this program wrote the lake.
    /// </exception>
    /// <exception cref="EventStreamException">The event hub does not answer.</exception>
    /// <exception cref="IOException">The lake cannot be read or written, for instance because the disk is full.</exception>
    public async Task<LakeRepairResult> RunAsync(
        IReadOnlyCollection<(LakeDay Day, int Hour)> hours, Action<double>? progress, Action? waiting, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(hours);
        var stream = await _archive.IdentifyAsync(cancellationToken);
        using var lockRequest = await RequestLockAsync(cancellationToken);
        var result = new LakeRepairResult();
        var days = hours.GroupBy(hour => hour.Day).OrderBy(day => day.Key.Date).ToList();
        var doneDays = 0;
        for (var attempt = 1; doneDays < days.Count; attempt++)
        {
            using var session = await OpenAsync(waiting, cancellationToken);
            var bounds = new Comparing.ArchiveBounds(stream, await _archive.WatermarksAsync(cancellationToken), session.Catalog.Positions);
            var writer = new DayRepairWriter(_store, session, _archive, _files, _options, bounds, _time);
            try
            {
                for (; doneDays < days.Count; doneDays++)
                {
                    var day = new DayRepair(session.Catalog.Of(days[doneDays].Key), [.. days[doneDays].Select(hour => hour.Hour)]);
                    await writer.WriteAsync(day, result, share => progress?.Invoke((doneDays + share) / days.Count), cancellationToken);
                }
            }
            catch (LakeConflictException) when (attempt < MaxAttempts)
            {
                // An import, which needs no lock, has changed this day since it was read: read the lake again.
            }

            foreach (var name in writer.Replaced)
            {
                await _store.DeleteAsync(name, cancellationToken);
            }
        }

        return result;
    }

    /// <summary>
    /// Requests the lock. Acquiring the request lock is retried for ten seconds: the writer acquires it for a moment to check for requests.
    /// </summary>
    private async Task<IDisposable> RequestLockAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (_store.TryRequestLock() is { } lockRequest)
            {
                return lockRequest;
            }

            if (attempt == MaxRequestAttempts)
            {
                throw new LakeException(
                    $"Another command is repairing the lake in {_store.Location}: wait until that command ends.");
            }

            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }

    private async Task<LakeWriterSession> OpenAsync(Action? waiting, CancellationToken cancellationToken)
    {
        var started = _time.GetTimestamp();
        while (true)
        {
            if (await LakeWriterSession.TryOpenAsync(
                _store, _files, _options, _time, NullLogger.Instance, cancellationToken) is { } session)
            {
                return session;
            }

            waiting?.Invoke();
            waiting = null;
            if (_time.GetElapsedTime(started) > LockTimeout)
            {
                throw new LakeException(
                    $"The process that writes the lake in {_store.Location} has not released it for {LockTimeout.TotalMinutes:0} minutes: "
                    + "stop the functions, or try again.");
            }

            await Task.Delay(PollInterval, _time, cancellationToken);
        }
    }
}
