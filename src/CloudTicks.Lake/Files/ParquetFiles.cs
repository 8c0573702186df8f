using CloudTicks.Lake.Native;

namespace CloudTicks.Lake.Files;

/// <summary>Writes and merges Parquet files with DuckDB.</summary>
internal sealed class ParquetFiles(DuckDbSettings settings) : ITickFiles
{
    private TickParquetDatabase? _database;

    /// <exception cref="DllNotFoundException">libduckdb is not installed; the message says what to do.</exception>
    public ITickFile Create(string path, IReadOnlyDictionary<string, string> metadata)
    {
        DuckDbLibrary.EnsureLoaded();
        if (_database?.MustBeReplaced == true)
        {
            Release();
        }

        return new TickParquetWriter(path, _database ??= new TickParquetDatabase(settings), metadata);
    }

    public TickFileFigures Merge(
        IReadOnlyList<string> inputs, string path, IReadOnlyDictionary<string, string> metadata, CancellationToken cancellationToken)
    {
        DuckDbLibrary.EnsureLoaded();
        Release(); // merging opens another database; together they would use twice the memory
        try
        {
            return TickParquetMerger.Merge(inputs, path, settings, metadata, cancellationToken).Figures;
        }
        catch (Exception failed) when (failed is DuckDbException or FormatException)
        {
            throw new LakeException($"{inputs.Count} files, such as {inputs[0]}, cannot be merged: {failed.Message}", failed);
        }
    }

    public TickFileFigures? Copy(
        string input, (long Rows, ulong Sum) expected, DroppedTicks dropped, string path, IReadOnlyDictionary<string, string> metadata,
        CancellationToken cancellationToken)
    {
        DuckDbLibrary.EnsureLoaded();
        try
        {
            return TickParquetMerger.Copy(input, expected, dropped, path, settings, metadata, cancellationToken);
        }
        catch (Exception failed) when (
            failed is FormatException
            || (failed is DuckDbException { Kind: not (DuckDbErrorKind.OutOfMemory or DuckDbErrorKind.Interrupted) }))
        {
            throw new LakeException($"{input}: {failed.Message}", failed);
        }
    }

    public void Release()
    {
        _database?.Dispose();
        _database = null;
    }
}
