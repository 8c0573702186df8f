namespace CloudTicks.Cli.Sql;

/// <summary>What a command line asks for.</summary>
/// <param name="Query">The query; null for the prompt.</param>
/// <param name="Parameters">Values of its parameters.</param>
/// <param name="Format">table, csv, ndjson or parquet.</param>
/// <param name="Output">The file; null for standard output.</param>
/// <param name="Lake">The folder of the lake as the option names it.</param>
/// <param name="MemoryBytes">Memory of queries.</param>
/// <param name="LakeOnly">Whether what is newer than the lake is left out.</param>
internal sealed record SqlSettings(
    string? Query, IReadOnlyDictionary<string, object?> Parameters, string Format, string? Output, string? Lake, long MemoryBytes,
        bool LakeOnly)
{
    public bool IsParquet => Format == "parquet";
}
