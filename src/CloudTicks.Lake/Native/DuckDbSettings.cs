using System.Globalization;

namespace CloudTicks.Lake.Native;

/// <summary>The limits of a DuckDB database.</summary>
public sealed record DuckDbSettings
{
    /// <summary>Memory limit, bytes; above it DuckDB spills to <see cref="TemporaryFolder"/>, or fails.</summary>
    public long MemoryBytes { get; init; } = 512 * 1024 * 1024;

    /// <summary>The number of threads for queries, at least 1.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>
    /// The folder to which DuckDB spills; it is created when needed. Without one (null), DuckDB fails at the memory limit.
    /// </summary>
    public string? TemporaryFolder { get; init; }

    /// <summary>Maximum size of <see cref="TemporaryFolder"/>, bytes; null for nine tenths of the free space.</summary>
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

        // Never download extensions: everything that we use is built into the library.
        yield return ("autoinstall_known_extensions", "false");
        yield return ("autoload_known_extensions", "false");
        yield return ("allow_community_extensions", "false");
    }

    private static string Bytes(long bytes) => string.Create(CultureInfo.InvariantCulture, $"{bytes}B");
}
