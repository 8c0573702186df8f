using System.Globalization;
using System.Text;
using CloudTicks.Lake.Native;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Files;

/// <summary>
/// Merges files of ticks of one kind and market into one sorted file without repeated ticks. Of several equal ticks, the one with the
/// lowest archive offset is kept; an imported tick is kept only if none of them is from the archive.
/// </summary>
internal static class TickParquetMerger
{
    private const string RepeatedTable = "repeated";

    /// <summary>Merges files; DuckDB spills to its temporary folder.</summary>
    /// <param name="inputs">The files; their archive offsets determine which of several equal ticks is kept.</param>
    /// <param name="path">The file to write; it is not flushed yet.</param>
    /// <param name="settings">The limits of DuckDB.</param>
    /// <param name="metadata">Key-value metadata, in addition to that of <see cref="TickSchema"/>.</param>
    /// <param name="cancellationToken">Interrupts the merge.</param>
    /// <returns>The figures of the merged file, and the number of removed repeats.</returns>
    /// <exception cref="DuckDbException">A file is missing or damaged, or the limits are too low.</exception>
    /// <exception cref="FormatException">The files differ in kind or market, or do not have this version of the columns.</exception>
    public static (TickFileFigures Figures, long Repeats) Merge(
        IReadOnlyList<string> inputs, string path, DuckDbSettings settings, IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellationToken)
    {
        using var database = DuckDbDatabase.Open(settings);
        using var connection = database.Connect();
        TickHashFunction.Register(connection);
        var (kind, market) = Series(connection, inputs, cancellationToken);
        var allMetadata = new Dictionary<string, string>(metadata);
        foreach (var (key, value) in TickSchema.Metadata(kind, market))
        {
            allMetadata[key] = value;
        }

        var files = $"read_parquet({SqlText.Quote(inputs)}, file_row_number = true, filename = true, hive_partitioning = false)";
        var hash = TickHashFunction.Call(SqlText.Quote(kind.Name()), SqlText.Quote(market.Name()));
        var (figures, repeats) = Figures(connection, files, hash, cancellationToken);
        var sortColumns = "symbol, timestamp_ms, archive_offset, filename, file_row_number";
        var rows = ParquetCopy.Run(
            connection,
            repeats == 0 ? $"SELECT {TickSchema.Names} FROM {files} ORDER BY {sortColumns}"
                : WithoutRepeats(connection, files, hash, sortColumns, cancellationToken),
            path, ParquetCopy.FinalLevel, allMetadata, cancellationToken);
        return rows == figures.Rows
            ? (figures, repeats)
            : throw new DuckDbException(string.Create(CultureInfo.InvariantCulture, $"DuckDB wrote {rows} of {figures.Rows} ticks."));
    }

    /// <summary>Copies a file's ticks without the dropped ones.</summary>
    /// <returns>The figures of the copy; null if no tick is left, in which case no file is written.</returns>
    /// <exception cref="DuckDbException">The file is missing or damaged, or the limits are too low.</exception>
    /// <exception cref="FormatException">
    /// The file's ticks are not the expected ones, or the file does not have this version of the columns.
    /// </exception>
    public static TickFileFigures? Copy(
        string input, (long Rows, ulong Sum) expected, DroppedTicks dropped, string path, DuckDbSettings settings,
        IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        using var database = DuckDbDatabase.Open(settings);
        using var connection = database.Connect();
        TickHashFunction.Register(connection);
        var (kind, market) = Series(connection, [input], cancellationToken);
        var allMetadata = new Dictionary<string, string>(metadata);
        foreach (var (key, value) in TickSchema.Metadata(kind, market))
        {
            allMetadata[key] = value;
        }

        var file = $"read_parquet({SqlText.Quote(input)}, hive_partitioning = false)";
        var kept = $"(FROM {file} WHERE NOT coalesce({dropped.Condition()}, false))";
        var hash = TickHashFunction.Call(SqlText.Quote(kind.Name()), SqlText.Quote(market.Name()));
        // A damaged page may be readable but yield wrong values.
        if (Figures(connection, file, hash, cancellationToken) is not (var actual, 0) || actual.Rows != expected.Rows
            || actual.IdentitySum != expected.Sum)
        {
            throw new FormatException("its ticks do not match their number and sum in the manifest.");
        }

        var (figures, _) = Figures(connection, kept, hash, cancellationToken);
        if (figures.Rows == 0)
        {
            return null;
        }

        var rows = ParquetCopy.Run(
            connection, $"SELECT {TickSchema.Names} FROM {kept} ORDER BY symbol, timestamp_ms, archive_offset", path,
            ParquetCopy.FinalLevel, allMetadata, cancellationToken);
        return rows == figures.Rows
            ? figures
            : throw new DuckDbException(string.Create(CultureInfo.InvariantCulture, $"DuckDB wrote {rows} of {figures.Rows} ticks."));
    }

    /// <summary>
    /// Builds the query that removes repeats. Only ticks with the symbol and time of a repeated tick are ranked; all others are returned
    /// unchanged.
    /// </summary>
    private static string WithoutRepeats(
        DuckDbConnection connection, string files, string hash, string sortColumns, CancellationToken cancellationToken)
    {
        connection.Execute(
            $"""
            CREATE TEMP TABLE {RepeatedTable} AS
            SELECT symbol, timestamp_ms, {hash} AS tick_hash FROM {files} GROUP BY ALL HAVING count(*) > 1
            """,
            cancellationToken);
        return $"""
            SELECT {TickSchema.Names} FROM (
                SELECT * FROM {files} AS f
                WHERE NOT EXISTS (FROM {RepeatedTable} AS r WHERE r.symbol = f.symbol AND r.timestamp_ms = f.timestamp_ms)
                UNION ALL
                SELECT * FROM {files} AS f
                WHERE EXISTS (FROM {RepeatedTable} AS r WHERE r.symbol = f.symbol AND r.timestamp_ms = f.timestamp_ms)
                QUALIFY row_number() OVER (
                    PARTITION BY symbol, timestamp_ms, {hash}
                    ORDER BY source = 'import', archive_offset, filename, file_row_number) = 1
            ) ORDER BY {sortColumns}
            """;
    }

    private static (TickFileFigures Figures, long Repeats) Figures(
        DuckDbConnection connection, string files, string hash, CancellationToken cancellationToken)
    {
        using var result = connection.Query(
            $"""
            SELECT count(*), coalesce(min(timestamp_ms), 0), coalesce(max(timestamp_ms), 0), coalesce(sum(tick_hash::HUGEINT), 0)::HUGEINT,
                coalesce(sum(n), 0)::BIGINT - count(*)
            FROM (SELECT symbol, timestamp_ms, {hash} AS tick_hash, count(*) AS n FROM {files} GROUP BY ALL)
            """,
            cancellationToken);
        _ = result.TryRead(out var row);
        var sum = unchecked((ulong)row![3].Values<Int128>()[0]);
        return (new TickFileFigures(row[0].Values<long>()[0], row[1].Values<long>()[0], row[2].Values<long>()[0], sum),
            row[4].Values<long>()[0]);
    }

    private static (TickKind Kind, Market Market) Series(
        DuckDbConnection connection, IReadOnlyList<string> inputs, CancellationToken cancellationToken)
    {
        var values = new Dictionary<string, HashSet<string>>();
        using var result = connection.Query(
            $"SELECT decode(key), decode(value) FROM parquet_kv_metadata({SqlText.Quote(inputs)}) WHERE decode(key) LIKE 'cloudticks.%'",
            cancellationToken);
        while (result.TryRead(out var rows))
        {
            for (var i = 0; i < rows.Count; i++)
            {
                var (key, value) = (Encoding.UTF8.GetString(rows[0].Bytes(i)), Encoding.UTF8.GetString(rows[1].Bytes(i)));
                (values.TryGetValue(key, out var known) ? known : values[key] = []).Add(value);
            }
        }

        var version = TickSchema.Version.ToString(CultureInfo.InvariantCulture);
        return Single(TickSchema.VersionKey) == version && TickNames.TryParse(Single(TickSchema.KindKey), out TickKind kind)
            && TickNames.TryParse(Single(TickSchema.MarketKey), out Market market)
            ? (kind, market)
            : throw new FormatException(
                $"{string.Join(", ", inputs.Select(Path.GetFileName))} are not files of ticks of one kind and market"
                + $" with columns of version {version}.");

        string? Single(string key) => values.GetValueOrDefault(key) is { Count: 1 } only ? only.Single() : null;
    }
}
