using System.Globalization;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Storage;

namespace CloudTicks.Lake.Importing;

/// <summary>
/// Adds the ticks of a file to a day, except those that the day already has. Like LakeTicks, the import writes the files first, and then
/// the next manifest. Each day is committed separately, and existing ticks are skipped, so that a killed import can be repeated.
/// </summary>
internal sealed class DayImport(
    ILakeStore store, DuckDbConnection connection, IReadOnlyList<TickRun> runs, string stream, long rows, ImportSettings settings,
    TimeProvider time)
{
    private const long MsPerHour = 3_600_000;
    private const int MaxAttempts = 10;
    private const long LargeDayBytes = 64 << 20;

    private readonly string _hash =
        TickHashFunction.Call(SqlText.Quote(Ticks.TickNames.Name(runs[0].Kind)), SqlText.Quote(Ticks.TickNames.Name(runs[0].Market)));

    /// <summary>Adds the ticks of some hours of a day.</summary>
    /// <param name="hours">The hours in order, each with its number of ticks.</param>
    /// <returns>The number of added ticks.</returns>
    /// <exception cref="LakeException">The day cannot be read, or other writers keep changing it.</exception>
    public async Task<long> AddAsync(LakeDay day, IReadOnlyList<(int Hour, long Ticks)> hours, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            var catalog = await LakeCatalog.ReadAsync(store, day, cancellationToken);
            var entry = catalog.Of(day);
            if (entry.IsOutdated)
            {
                throw new LakeException(
                    $"The newest manifest of {day} in {store.Location} is damaged, and nothing was added to this day. Let LakeTicks run, "
                        + "which repairs it from the archive, then import again.");
            }

            var added = new List<LakeFile>();
            try
            {
                foreach (var (first, last) in Parts(entry, hours))
                {
                    if (await WriteAsync(entry, first, last, cancellationToken) is { } file)
                    {
                        added.Add(file);
                    }
                }

                if (added.Count > 0 && !settings.IsDryRun)
                {
                    await new LakeCommits(store, catalog).PutAsync(
                        day, entry.Manifest.With(added, stream, [new RoundRange(0, 0, rows + 1)]), cancellationToken);
                }

                return added.Sum(file => file.Rows);
            }
            catch (Exception passing) when (attempt < MaxAttempts && IsCausedByAnotherWriter(passing))
            {
                // LakeTicks or a repair may have changed this day's files since they were read.
                var currentEntry = (await LakeCatalog.ReadAsync(store, day, cancellationToken)).Of(day);
                if (passing is not LakeConflictException && currentEntry.Highest == entry.Highest)
                {
                    throw new LakeException($"The ticks of {day} in {store.Location} cannot be read: {passing.Message}", passing);
                }

                var fileNames = currentEntry.Manifest.Files.Select(file => file.Name).ToHashSet(StringComparer.Ordinal);
                if (added.Count > 0 && added.TrueForAll(file => fileNames.Contains(file.Name)))
                {
                    return added.Sum(file => file.Rows); // this import's version was written; the other writer's version follows it
                }

                await DiscardAsync(day, added.Where(file => !fileNames.Contains(file.Name)), cancellationToken);
            }
        }
    }

    private static bool IsCausedByAnotherWriter(Exception failure) =>
        failure is LakeConflictException or FileNotFoundException or DuckDbException { Kind: DuckDbErrorKind.File };

    /// <summary>
    /// Splits a day's hours into files. A day gets one file, as after merging; a large day gets one file per hour, so that an hour can be
    /// merged with later ticks.
    /// </summary>
    private IEnumerable<(int First, int Last)> Parts(DayEntry entry, IReadOnlyList<(int Hour, long Ticks)> hours) =>
        hours.Sum(hour => hour.Ticks) <= settings.TicksPerFile && entry.Manifest.Files.Sum(file => file.Bytes) <= LargeDayBytes
            ? [(hours[0].Hour, hours[^1].Hour)] : hours.Select(hour => (hour.Hour, hour.Hour));

    private async Task<LakeFile?> WriteAsync(DayEntry entry, int first, int last, CancellationToken cancellationToken)
    {
        var (fromMs, toMs) = (entry.Day.StartMs + (first * MsPerHour), entry.Day.StartMs + ((last + 1) * MsPerHour));
        var staged = Staged(fromMs, toMs);
        var known = new List<string>();
        foreach (var old in entry.Manifest.Files.Where(
            old => !entry.Damaged.Contains(old.Name) && old.FirstMs < toMs && old.LastMs >= fromMs))
        {
            known.Add(await store.FetchAsync($"{entry.Day}/{old.Name}", old.Bytes, cancellationToken));
        }

        var (figures, lowest, highest) = FindNew(known, staged, fromMs, toMs, cancellationToken);
        var part = PartName.Create(first, time.GetUtcNow());
        var ranges = new Dictionary<string, long[][]> { [stream] = [[0, lowest, highest + 1]] };
        var file = new LakeFile
        {
            Name = part,
            FirstHour = first,
            LastHour = last,
            Rows = figures.Rows,
            Bytes = 0,
            FirstMs = figures.FirstMs,
            LastMs = figures.LastMs,
            IdentitySum = figures.IdentitySum.ToString("x16", CultureInfo.InvariantCulture),
            AddedMs = time.GetUtcNow().ToUnixTimeMilliseconds(),
            Ranges = ranges,
        };
        if (figures.Rows == 0 || settings.IsDryRun)
        {
            return figures.Rows == 0 ? null : file;
        }

        var name = $"{entry.Day}/{part}";
        try
        {
            var metadata = FileMetadata.Of(ranges);
            foreach (var (key, value) in TickSchema.Metadata(entry.Day.Kind, entry.Day.Market))
            {
                metadata[key] = value;
            }

            var written = ParquetCopy.Run(
                connection,
                $"""
                SELECT {TickSchema.Names} FROM {staged} AS s WHERE archive_offset IN (SELECT archive_offset FROM fresh)
                ORDER BY symbol, timestamp_ms, archive_offset
                """,
                store.BeginFile(name), ParquetCopy.FinalLevel, metadata, cancellationToken);
            return written == figures.Rows ? file with { Bytes = await store.PutFileAsync(name, cancellationToken) }
                : throw new LakeException($"DuckDB wrote {written} of {figures.Rows} ticks of {entry.Day}.");
        }
        finally
        {
            store.AbandonFile(name);
        }
    }

    /// <summary>Fills the table <c>fresh</c> with the rows that the day does not have.</summary>
    private (TickFileFigures Figures, long Lowest, long Highest) FindNew(
        List<string> files, string staged, long fromMs, long toMs, CancellationToken cancellationToken)
    {
        var known = files.Count == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $"""
            ANTI JOIN (
                SELECT symbol, timestamp_ms, {_hash} AS tick_hash FROM read_parquet({SqlText.Quote(files)}, hive_partitioning = false)
                WHERE timestamp_ms >= {fromMs} AND timestamp_ms < {toMs}) USING (symbol, timestamp_ms, tick_hash)
            """);
        connection.Execute(
            $"""
            CREATE OR REPLACE TEMP TABLE fresh AS
            SELECT archive_offset, timestamp_ms, tick_hash FROM (
                SELECT symbol, timestamp_ms, {_hash} AS tick_hash, min(archive_offset) AS archive_offset FROM {staged}
                GROUP BY symbol, timestamp_ms, {_hash}) {known}
            """,
            cancellationToken);
        using var result = connection.Query(
            """
            SELECT count(*), coalesce(min(timestamp_ms), 0), coalesce(max(timestamp_ms), 0), coalesce(sum(tick_hash::HUGEINT), 0)::HUGEINT,
                coalesce(min(archive_offset), 0), coalesce(max(archive_offset), 0) FROM fresh
            """,
            cancellationToken);
        _ = result.TryRead(out var row);
        long Number(int column) => row![column].Values<long>()[0];
        var sum = unchecked((ulong)row![3].Values<Int128>()[0]);
        return (new TickFileFigures(Number(0), Number(1), Number(2), sum), Number(4), Number(5));
    }

    private string Staged(long fromMs, long toMs)
    {
        var paths = runs.Where(run => run.Figures.FirstMs < toMs && run.Figures.LastMs >= fromMs).Select(run => run.Path);
        return string.Create(CultureInfo.InvariantCulture, $"""
            (FROM read_parquet({SqlText.Quote(paths)}, hive_partitioning = false) WHERE timestamp_ms >= {fromMs} AND timestamp_ms < {toMs})
            """);
    }

    private async Task DiscardAsync(LakeDay day, IEnumerable<LakeFile> files, CancellationToken cancellationToken)
    {
        foreach (var file in files.Where(_ => !settings.IsDryRun))
        {
            await store.DeleteAsync($"{day}/{file.Name}", cancellationToken);
        }
    }
}
