namespace CloudTicks.Cli.Sql;

/// <summary>The options of <c>cloudticks sql</c>.</summary>
/// <param name="Query">The query; null for the prompt.</param>
/// <param name="Parameters">The values of the query's parameters by name.</param>
/// <param name="Format">table, csv, ndjson or parquet.</param>
/// <param name="Output">The file; null for standard output.</param>
/// <param name="Lake">The lake's folder from the option; null without it.</param>
/// <param name="MemoryBytes">DuckDB's memory limit, bytes.</param>
/// <param name="LakeOnly">Whether to omit ticks that are newer than the lake.</param>
internal sealed record SqlSettings(
    string? Query, IReadOnlyDictionary<string, object?> Parameters, string Format, string? Output, string? Lake, long MemoryBytes,
        bool LakeOnly)
{
    public bool IsParquet => Format == "parquet";
}
