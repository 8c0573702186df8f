using System.Globalization;

namespace CloudTicks.Lake.Native;

/// <summary>The limits of a database.</summary>
public sealed record DuckDbSettings
{
    /// <summary>Bytes that DuckDB may hold in memory; above them it writes to <see cref="TemporaryFolder"/>, or fails.</summary>
    public long MemoryBytes { get; init; } = 512 * 1024 * 1024;

    /// <summary>Threads that work on a query, at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// Where DuckDB writes what does not fit into memory; null: nowhere, and it fails instead. It makes the folder when it needs it.
    /// </summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>Bytes that DuckDB may write into <see cref="TemporaryFolder"/>; null for nine tenths of what is free there.</summary>
    public long? TemporaryBytes { get; init; }

    internal IEnumerable<(string Name, string Value)> Options()
    {
        yield return ("memory_limit", Bytes(MemoryBytes));
        yield return ("threads", Threads.ToString(CultureInfo.InvariantCulture));
        yield return ("temp_directory", TemporaryFolder ?? "");
        if (TemporaryBytes is { } bytes)
        {
            yield return ("max_temp_directory_size", Bytes(bytes));
        }

        // Nothing is fetched from anywhere: all that we use is in the library.
        yield return ("autoinstall_known_extensions", "false");
        yield return ("autoload_known_extensions", "false");
        yield return ("allow_community_extensions", "false");
    }

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes}B");
}
