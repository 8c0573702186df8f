using System.Globalization;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;
using CloudTicks.Lake.Storage;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Reading;

/// <summary>
/// Serves requests for ticks and candles. It runs a few requests at a time, in bounded memory. The list of files is refreshed when it is
/// ten seconds old, or when a listed file cannot be read, for instance because it was merged.
/// </summary>
public sealed class LakeReader : IDisposable
{
    private const int MaxConcurrentRequests = 2;
    private const int Threads = 2;
    private const int MaxAttempts = 3;

    private static readonly TimeSpan SlotTimeout = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan MaxIndexAge = TimeSpan.FromSeconds(10);

    private readonly ILakeStore? _store;
    private readonly long _memoryBytes;
    private readonly TimeProvider _time;
    private readonly SemaphoreSlim _slots = new(MaxConcurrentRequests);
    private readonly SemaphoreSlim _indexing = new(1);
    private readonly Lock _opening = new();
    private DuckDbDatabase? _database;
    private (LakeIndex Index, long ReadAt)? _index;

    /// <param name="store">The lake; null if none is configured.</param>
    /// <param name="memoryBytes">Memory for all queries together, bytes; above it they spill to the temporary folder.</param>
    /// <param name="time">The clock for the time limit of requests and for the age of the list of files.</param>
    internal LakeReader(ILakeStore? store, long memoryBytes, TimeProvider time) =>
        (_store, _memoryBytes, _time) = (store, memoryBytes, time);

    /// <summary>The time limit of a request; a request that takes longer is cancelled.</summary>
    public static TimeSpan TimeLimit { get; } = TimeSpan.FromSeconds(20);

    /// <summary>Whether a lake is configured.</summary>
    public bool IsConfigured => _store is not null;

    /// <summary>Returns the range of times that the lake covers, as of at most ten seconds ago.</summary>
    /// <exception cref="LakeUnavailableException">The lake cannot be read.</exception>
    public async Task<LakeExtent> ExtentAsync(CancellationToken cancellationToken) =>
        (await GetIndexAsync(isNew: false, cancellationToken)).Extent;

    /// <summary>
    /// Returns the offset after the last record of an archive that the lake has read, by partition; partitions without such a record are
    /// absent. The result is not cached.
    /// </summary>
    /// <param name="stream">The identity of the archive's stream.</param>
    /// <exception cref="LakeUnavailableException">The lake cannot be read.</exception>
    public async Task<IReadOnlyDictionary<int, long>> NextOffsetsAsync(string stream, CancellationToken cancellationToken) =>
        (await GetIndexAsync(isNew: true, cancellationToken)).Positions.Next.GetValueOrDefault(stream, [])
            .ToDictionary(entry => (int)entry[0], entry => entry[1]);

    /// <summary>Returns the earliest time in a range at which the lake may have ticks, Unix ms, UTC; null if it has none.</summary>
    /// <exception cref="LakeUnavailableException">The lake cannot be read.</exception>
    public async Task<long?> FindNextMsAsync(LakeTickRange range, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(range);
        return (await GetIndexAsync(isNew: false, cancellationToken)).EarliestStart(range.Kinds, range.Market, range.FromMs, range.ToMs);
    }

    /// <summary>Visits ticks without repeats, in the order of the table, until the visitor returns false.</summary>
    /// <exception cref="LakeUnavailableException">
    /// The lake cannot be read, is busy with other requests, or takes longer than <see cref="TimeLimit"/>.
    /// </exception>
    public Task ReadAsync(LakeTickRange range, LakeTickVisitor visitor, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(range);
        var after = range.After;
        bool Visit(scoped in Tick tick, TickSource source, ulong identity)
        {
            after = new LakeTickCursor(tick.TimestampMs, tick.Sequence, identity);
            return visitor(tick, source, identity);
        }

        return RunAsync(
            (connection, index, token) => new TickSlices(connection, index, range with { After = after }, Visit).ReadAsync(token),
            cancellationToken);
    }

    /// <summary>Aggregates ticks into candles; an interval without a price has no candle.</summary>
    /// <exception cref="LakeUnavailableException">
    /// The lake cannot be read, is busy with other requests, or takes longer than <see cref="TimeLimit"/>.
    /// </exception>
    public async Task<IReadOnlyList<LakeCandle>> ReadCandlesAsync(LakeCandleRange range, CancellationToken cancellationToken)
    {
        IReadOnlyList<LakeCandle> candles = [];
        await RunAsync(
            async (connection, index, token) => candles = await new CandleReader(connection, index, range).ReadAsync(token),
            cancellationToken);
        return candles;
    }

    /// <summary>Frees all resources. No request may be running.</summary>
    public void Dispose()
    {
        _database?.Dispose();
        _slots.Dispose();
        _indexing.Dispose();
    }

    private async Task RunAsync(Func<DuckDbConnection, LakeIndex, CancellationToken, Task> read, CancellationToken cancellationToken)
    {
        if (!await _slots.WaitAsync(SlotTimeout, cancellationToken))
        {
            throw new LakeUnavailableException(
                $"Other requests have been reading the lake for {SlotTimeout.TotalSeconds:0} s: repeat this request.")
            { IsTransient = true };
        }

        try
        {
            using var timeout = new CancellationTokenSource(TimeLimit, _time);
            using var linkedCancellation = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellationToken);
            try
            {
                await RunAsync(read, isNew: false, linkedCancellation.Token);
            }
            catch (OperationCanceledException) when (timeout.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
            {
                throw new LakeUnavailableException(
                    $"Reading the lake takes longer than {TimeLimit.TotalSeconds:0} s: request a shorter time range.")
                { IsTimeout = true };
            }
        }
        finally
        {
            _slots.Release();
        }
    }

    private async Task RunAsync(
        Func<DuckDbConnection, LakeIndex, CancellationToken, Task> read, bool isNew, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var index = await GetIndexAsync(isNew || attempt > 1, cancellationToken);
            try
            {
                await Task.Run(() => ReadAsync(read, index, cancellationToken), cancellationToken);
                return;
            }
            catch (DllNotFoundException missing)
            {
                throw new LakeUnavailableException(missing.Message, missing);
            }
            catch (LakeUnavailableException) when (attempt < MaxAttempts)
            {
                // The damage may have been repaired since the index was read: retry with a new index.
            }
            catch (Exception gone) when (gone is IOException && attempt < MaxAttempts)
            {
                // A file of an object store may have been deleted since the index was read: retry with a new index.
            }
            catch (Exception problem) when (problem is IOException || (problem is LakeException and not LakeUnavailableException))
            {
                throw new LakeUnavailableException($"The lake cannot be read: {OneLine(problem)}", problem);
            }
            catch (DuckDbException problem) when (attempt < MaxAttempts && problem.Kind != DuckDbErrorKind.OutOfMemory)
            {
                // The file may have been merged into another file since the index was read: retry with a new index.
            }
            catch (DuckDbException problem)
            {
                throw problem.Kind == DuckDbErrorKind.OutOfMemory
                    ? new LakeUnavailableException(
                        "The request needs more memory than Lake__ReadMemoryBytes: request a shorter time range.", problem)
                    : LakeIndex.Damaged($"A file of the lake in {_store!.Location} cannot be read ({OneLine(problem)})", problem);
            }
            catch (Exception problem) when (problem is FormatException or System.Text.Json.JsonException or OverflowException)
            {
                throw LakeIndex.Damaged(
                    $"A file of the lake in {_store!.Location} has a row that is not a tick ({OneLine(problem)})", problem);
            }
        }
    }

    private async Task ReadAsync(
        Func<DuckDbConnection, LakeIndex, CancellationToken, Task> read, LakeIndex index, CancellationToken cancellationToken)
    {
        using var connection = Database().Connect();
        await read(connection, index, cancellationToken);
    }

    private DuckDbDatabase Database()
    {
        lock (_opening)
        {
            if (_database is { } open)
            {
                return open;
            }

            var database = DuckDbDatabase.Open(new DuckDbSettings
            {
                MemoryBytes = _memoryBytes,
                Threads = Threads,
                TemporaryFolder = Path.Combine(
                    Path.GetTempPath(), string.Create(CultureInfo.InvariantCulture, $"cloudticks-lake-{Environment.ProcessId}")),
            });
            try
            {
                using var connection = database.Connect();
                TickHashFunction.Register(connection);
                ExactDoubleFunction.Register(connection);
            }
            catch
            {
                database.Dispose();
                throw;
            }

            return _database = database;
        }
    }

    private async Task<LakeIndex> GetIndexAsync(bool isNew, CancellationToken cancellationToken)
    {
        var requestedAt = _time.GetTimestamp();
        await _indexing.WaitAsync(cancellationToken);
        try
        {
            if (_index is { } known && (isNew ? known.ReadAt > requestedAt : _time.GetElapsedTime(known.ReadAt) < MaxIndexAge))
            {
                return known.Index;
            }

            var readAt = _time.GetTimestamp();
            var index = await LakeIndex.ReadAsync(
                _store ?? throw new InvalidOperationException("No lake is configured."), cancellationToken);
            _index = (index, readAt);
            return index;
        }
        catch (Exception problem) when (
            problem is IOException or UnauthorizedAccessException || (problem is LakeException and not LakeUnavailableException))
        {
            throw new LakeUnavailableException($"The lake cannot be read: {OneLine(problem)}", problem);
        }
        finally
        {
            _indexing.Release();
        }
    }

    private static string OneLine(Exception problem) => problem.Message.ReplaceLineEndings(" ");
}
