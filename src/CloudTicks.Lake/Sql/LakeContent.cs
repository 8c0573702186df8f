using System.Globalization;
using CloudTicks.Lake.Files;
using CloudTicks.Lake.Manifests;
using CloudTicks.Lake.Native;
using CloudTicks.Lake.Storage;
using CloudTicks.Ticks;

namespace CloudTicks.Lake.Sql;

/// <summary>The readable files of a lake, and notes about the unreadable ones.</summary>
internal sealed class LakeContent
{
    private LakeContent(LakePositions positions) => Positions = positions;

    /// <summary>By kind and market, the paths of the files.</summary>
    public Dictionary<(TickKind Kind, Market Market), List<string>> Files { get; } = [];

    /// <summary>The lake's positions in the archive.</summary>
    public LakePositions Positions { get; }

    /// <summary>One sentence for each file that is missing, damaged, or not part of the lake.</summary>
    public List<string> Notes { get; } = [];

    /// <summary>Reads the manifests, and excludes files that are unreadable or have columns of a later version.</summary>
    /// <exception cref="LakeException">
    /// A later version of this program wrote the manifests, or the local cache has no room for a file.
    /// </exception>
    /// <exception cref="IOException">The lake cannot be read.</exception>
    public static async Task<LakeContent> ReadAsync(ILakeStore store, DuckDbConnection connection, CancellationToken cancellationToken)
    {
        var catalog = await LakeCatalog.ReadAsync(store, cancellationToken);
        var content = new LakeContent(catalog.Positions);
        content.Notes.AddRange(catalog.Problems);
        content.Notes.AddRange(catalog.Foreign.Select(name => $"{name} in {store.Location} is not a file of the lake and is ignored."));
        foreach (var (day, entry) in catalog.Days)
        {
            foreach (var file in entry.Manifest.Files.Where(file => !entry.Damaged.Contains(file.Name)))
            {
                var series = (day.Kind, day.Market);
                (content.Files.TryGetValue(series, out var known) ? known : content.Files[series] = [])
                    .Add(await store.FetchAsync($"{day}/{file.Name}", file.Bytes, cancellationToken));
            }
        }

        content.ExcludeUnreadable(connection, cancellationToken);
        return content;
    }

    /// <summary>Reads every file completely, and excludes damaged ones.</summary>
    /// <returns>A sentence for each damaged file.</returns>
    public IReadOnlyList<string> ExcludeDamaged(DuckDbConnection connection, CancellationToken cancellationToken)
    {
        var notes = new List<string>();
        foreach (var ((kind, market), files) in Files)
        {
            files.RemoveAll(file =>
            {
                try
                {
                    var hash = TickHashFunction.Call(SqlText.Quote(kind.Name()), SqlText.Quote(market.Name()));
                    connection.Execute(
                        $"SELECT max(hash(f)), max({hash}) FROM read_parquet({SqlText.Quote(file)}, hive_partitioning = false) AS f",
                        cancellationToken);
                    return false;
                }
                catch (DuckDbException damaged) when (
                    damaged.Kind is not (DuckDbErrorKind.OutOfMemory or DuckDbErrorKind.Interrupted or DuckDbErrorKind.NotPermitted))
                {
                    notes.Add($"{file} has damaged content, and its ticks are omitted: {damaged.Message.ReplaceLineEndings(" ")}");
                    return true;
                }
            });
        }

        return notes;
    }

    private void ExcludeUnreadable(DuckDbConnection connection, CancellationToken cancellationToken)
    {
        foreach (var (series, files) in Files)
        {
            if (!AreReadable(connection, series, files, cancellationToken))
            {
                files.RemoveAll(file => !IsReadable(connection, series, file, cancellationToken));
            }
        }
    }

    private static bool AreReadable(
        DuckDbConnection connection, (TickKind Kind, Market Market) series, List<string> files, CancellationToken cancellationToken)
    {
        try
        {
            if (CountNewerFiles(connection, files, cancellationToken) > 0 || CountSchemas(connection, files, cancellationToken) > 1)
            {
                return false;
            }

            CheckColumns(connection, series, files[0]);
            return true;
        }
        catch (DuckDbException)
        {
            return false;
        }
    }

    private bool IsReadable(
        DuckDbConnection connection, (TickKind Kind, Market Market) series, string file, CancellationToken cancellationToken)
    {
        try
        {
            if (CountNewerFiles(connection, [file], cancellationToken) == 0)
            {
                CheckColumns(connection, series, file);
                return true;
            }

            Notes.Add($"{file} has columns of a later version of CloudTicks, and its ticks are omitted: update this program.");
        }
        catch (DuckDbException damaged)
        {
            Notes.Add($"{file} is damaged, and its ticks are omitted: {damaged.Message.ReplaceLineEndings(" ")}");
        }

        return false;
    }

    /// <summary>
    /// Checks that a file has the columns of the views. DuckDB expects the columns of the first file in all other files, so one file with a
    /// damaged column name would make every query fail.
    /// </summary>
    private static void CheckColumns(DuckDbConnection connection, (TickKind Kind, Market Market) series, string file) =>
        connection.Prepare(LakeViews.OfFiles(series.Kind, series.Market, [file])).Single().Dispose();

    /// <summary>Counts the distinct column lists of the files.</summary>
    private static long CountSchemas(DuckDbConnection connection, IEnumerable<string> files, CancellationToken cancellationToken)
    {
        using var result = connection.Query(
            $"""
            SELECT count(DISTINCT columns) FROM (
                SELECT string_agg(concat_ws(' ', name, type, converted_type, scale, precision, num_children, logical_type), ',') AS columns
                FROM parquet_schema({SqlText.Quote(files)}) GROUP BY file_name)
            """,
            cancellationToken);
        return result.TryRead(out var rows) ? rows[0].Values<long>()[0] : 0;
    }

    private static long CountNewerFiles(DuckDbConnection connection, IEnumerable<string> files, CancellationToken cancellationToken)
    {
        using var result = connection.Query(
            string.Create(CultureInfo.InvariantCulture, $"""
                SELECT count(*) FROM parquet_kv_metadata({SqlText.Quote(files)})
                WHERE decode(key) = '{TickSchema.VersionKey}' AND decode(value)::INTEGER > {TickSchema.Version}
                """),
            cancellationToken);
        return result.TryRead(out var rows) ? rows[0].Values<long>()[0] : 0;
    }
}
