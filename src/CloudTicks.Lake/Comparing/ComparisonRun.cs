using CloudTicks.EventStream.Records;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Storage;
using CloudTicks.Lake.Writing;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Ticks.Checks;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Lake.Comparing;

/// <summary>
/// Runs one comparison. Days are grouped into batches of up to <see cref="MaxRows"/> rows (a larger day is a batch of its own); each batch
/// reads the archive once, and then the files of its days. A batch reads the archive from the start of its first day to the position of the
/// lake, because late ticks may be in any later record.
/// </summary>
internal sealed class ComparisonRun(
    ILakeStore store, ArchiveReader archive, DuckDbConnection connection, ArchiveBounds bounds, LakeProof proof, LakeSelection selection,
    LakeComparisonResult result)
{
    private const long MaxRows = 100_000_000;
    private const int MaxDays = 64;
    private const int RecordsPerReport = 64;

    /// <summary>Allowance for clock differences, ms: a record may have been written up to this much before the time of its ticks.</summary>
    private const long ClockMarginMs = 86_400_000;

    private readonly TickBatchReader _reader = new(new SymbolDictionary());
    private readonly HashSet<LakeDay> _comparedDays = [];
    private readonly HashSet<LakeDay> _unexpectedDays = [];
    private readonly Dictionary<LakeDay, long> _provedVersions = [];

    /// <summary>By partition, the first offset with a tick of a differing day: records from there on are not proved.</summary>
    private readonly Dictionary<int, long> _firstDifferences = [];

    private Dictionary<int, long> _readFrom = [];
    private long _totalRows;
    private double _doneRows;
    private int _tableCount;

    /// <summary>Receives the progress, 0 to 1; null to ignore it.</summary>
    public Action<double>? Progress { get; init; }

    /// <summary>
    /// Compares the selected days and then, unless the selection is limited, all further days that have ticks in unproved records.
    /// </summary>
    public async Task RunAsync(LakeCatalog catalog, CancellationToken cancellationToken)
    {
        var days = catalog.Days.Values.Where(entry => selection.Includes(entry.Day) && !IsDropped(entry)).ToList();
        result.Dropped = catalog.Days.Values.Count(entry => selection.Includes(entry.Day) && IsDropped(entry));
        var selected = days.Where(entry => selection.IncludesProved || selection.IsLimited || !IsProved(entry))
            .OrderBy(entry => entry.Day.Date)
            .ToList();
        result.ProvedBefore = days.Count - selected.Count;
        _totalRows = Math.Max(1, selected.Sum(entry => entry.Manifest.Files.Sum(file => file.Rows)));
        var isFirst = true;
        foreach (var batch in Batches(selected))
        {
            await CompareAsync(catalog, batch, isFirst && !selection.IsLimited, cancellationToken);
            isFirst = false;
        }

        if (isFirst && !selection.IsLimited)
        {
            // No day has changed: check that the records after the proved ones have no ticks.
            await CompareAsync(catalog, [], isComplete: true, cancellationToken);
        }

        while (_unexpectedDays.Except(_comparedDays).Where(selection.Includes).Take(MaxDays).ToList() is { Count: > 0 } more)
        {
            await CompareAsync(catalog, [.. more.Select(catalog.Of)], isComplete: false, cancellationToken);
        }
    }

    /// <summary>Returns the previous proof, updated with the result of this comparison.</summary>
    public LakeProof Prove(LakeProof before, DateTimeOffset now)
    {
        var days = new Dictionary<string, long>(before.Days);
        foreach (var day in _comparedDays)
        {
            if (_provedVersions.TryGetValue(day, out var version))
            {
                days[day.Folder] = version;
            }
            else
            {
                days.Remove(day.Folder);
            }
        }

        var ranges = new List<long[]>();
        foreach (var partition in bounds.Partitions.Keys.Order())
        {
            var provedRange = before.Range(bounds.Stream, partition);
            var (from, to) = (provedRange?[1] ?? 0, provedRange?[2] ?? 0);
            if (_readFrom.TryGetValue(partition, out var readFrom))
            {
                from = provedRange is not null && readFrom <= to ? from : readFrom;
                to = Math.Max(to, bounds.EndOf(partition));
            }

            to = Math.Min(to, _firstDifferences.GetValueOrDefault(partition, long.MaxValue));
            if (to > from)
            {
                ranges.Add([partition, from, to]);
            }
        }

        return before with
        {
            Days = days,
            Proved = new Dictionary<string, long[][]>(before.Proved) { [bounds.Stream] = [.. ranges] },
            ProvedMs = now.ToUnixTimeMilliseconds(),
        };
    }

    private bool IsProved(DayEntry entry) =>
        entry.Damaged.Count == 0 && !entry.IsOutdated && proof.Days.TryGetValue(entry.Day.Folder, out var version)
        && version == entry.Version;

    private static IEnumerable<List<DayEntry>> Batches(IEnumerable<DayEntry> days)
    {
        var (batch, rows) = (new List<DayEntry>(), 0L);
        foreach (var day in days)
        {
            var more = day.Manifest.Files.Sum(file => file.Rows);
            if (batch.Count == MaxDays || (batch.Count > 0 && rows + more > MaxRows))
            {
                yield return batch;
                (batch, rows) = ([], 0);
            }

            batch.Add(day);
            rows += more;
        }

        if (batch.Count > 0)
        {
            yield return batch;
        }
    }

    /// <param name="isComplete">
    /// Whether to read all unproved records too, and to note the days outside the batch that have ticks in them.
    /// </param>
    private async Task CompareAsync(LakeCatalog catalog, List<DayEntry> batch, bool isComplete, CancellationToken cancellationToken)
    {
        var days = new Dictionary<LakeDay, ComparedDay>();
        try
        {
            foreach (var entry in batch)
            {
                days[entry.Day] = new ComparedDay(connection, entry.Day, _tableCount++, bounds.EndsOf(entry.Manifest));
            }

            var starts = await FindStartsAsync(batch, isComplete, cancellationToken);
            if (isComplete)
            {
                _readFrom = starts;
            }

            var rows = batch.Sum(entry => entry.Manifest.Files.Sum(file => file.Rows));
            await ReadArchiveAsync(catalog, days, starts, isComplete, rows, cancellationToken);
            // Files may have been merged during the pass, which takes minutes.
            var files = new ComparedFiles(store, bounds, result, await LakeCatalog.ReadAsync(store, cancellationToken));
            foreach (var day in days.Values)
            {
                var (isSame, version) = await files.CompareAsync(day, starts, read => Report(_doneRows += read), cancellationToken);
                End(day, isSame, version);
            }
        }
        finally
        {
            foreach (var day in days.Values)
            {
                day.Dispose();
            }
        }
    }

    private void End(ComparedDay day, bool isSame, long? version)
    {
        result.Days++;
        _comparedDays.Add(day.Day);
        if (version is { } proved)
        {
            _provedVersions[day.Day] = proved;
        }

        if (isSame)
        {
            return;
        }

        foreach (var (partition, offset) in day.FirstOffsets)
        {
            _firstDifferences[partition] = Math.Min(offset, _firstDifferences.GetValueOrDefault(partition, long.MaxValue));
        }
    }

    private async Task<Dictionary<int, long>> FindStartsAsync(List<DayEntry> batch, bool isComplete, CancellationToken cancellationToken)
    {
        var since = batch.Count == 0 ? new Dictionary<int, long>()
            : await archive.OffsetsSinceAsync(batch.Min(entry => entry.Day.StartMs) - ClockMarginMs, cancellationToken);
        return bounds.Partitions.Values.ToDictionary(partition => partition.Partition, partition =>
        {
            var start = batch.Count == 0 ? partition.High : bounds.StartOf(
                partition.Partition, batch.Select(entry => entry.Manifest),
                since.TryGetValue(partition.Partition, out var first) ? first : null);
            return isComplete ? Math.Min(start, proof.ProvedTo(bounds.Stream, partition.Partition, partition.Low)) : start;
        });
    }

    private async Task ReadArchiveAsync(
        LakeCatalog catalog, Dictionary<LakeDay, ComparedDay> days, Dictionary<int, long> starts, bool isComplete, long rows,
        CancellationToken cancellationToken)
    {
        var ranges = bounds.Partitions.Keys
            .Select(partition => new OffsetRange(
                partition, starts[partition],
                days.Values.Select(day => day.Ends[partition]).Append(isComplete ? bounds.EndOf(partition) : 0).Max()))
            .Where(range => range.From < range.To).ToList();
        var (records, read, from) = (ranges.Sum(range => range.To - range.From), 0L, _doneRows);
        if (ranges.Count > 0)
        {
            await foreach (var record in archive.RecordsAsync(ranges, cancellationToken))
            {
                Add(catalog, days, record, isComplete);
                if (++read % RecordsPerReport == 0)
                {
                    Report(from + (rows * (double)read / records));
                }
            }
        }

        Report(_doneRows = from + rows);
        foreach (var day in days.Values)
        {
            day.EndArchive();
        }
    }

    private void Add(LakeCatalog catalog, Dictionary<LakeDay, ComparedDay> days, StreamRecord record, bool isComplete)
    {
        if (GapRecord.IsGap(record.Value.Span))
        {
            return;
        }

        var (partition, offset) = (record.Origin.Partition, record.Origin.Offset);
        var tick = default(Tick);
        try
        {
            _reader.Open(record.Value);
            while (_reader.TryRead(ref tick))
            {
                if (StorableTick.Fault(tick) is not null)
                {
                    continue;
                }

                var day = LakeDay.Of(tick.Kind, tick.Symbol.Market, tick.TimestampMs);
                if (days.TryGetValue(day, out var table))
                {
                    if (offset < table.Ends[partition])
                    {
                        table.Add(tick, partition, offset);
                    }
                }
                else if (isComplete && offset < bounds.EndOf(partition) && !IsKnown(catalog.Of(day), partition, offset))
                {
                    _unexpectedDays.Add(day);
                }
            }
        }
        catch (TickBatchFormatException)
        {
            result.Unreadable++;
        }
    }

    /// <summary>
    /// Whether a day's ticks in a record need no additional batch: an earlier comparison has proved them, this run compares the day anyway,
    /// or retention has dropped the day.
    /// </summary>
    private bool IsKnown(DayEntry entry, int partition, long offset) =>
        IsDropped(entry) || (entry.Version > 0
        && (!IsProved(entry) || offset < proof.ProvedTo(bounds.Stream, partition, bounds.Partitions[partition].Low)));

    /// <summary>Whether retention has dropped files of the day; the archive may then have more ticks.</summary>
    private static bool IsDropped(DayEntry entry) => entry.Manifest.DroppedMs is not null;

    private void Report(double rows) => Progress?.Invoke(Math.Clamp(rows / (2.0 * _totalRows), 0, 1));
}
