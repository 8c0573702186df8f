using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;

namespace CloudTicks.Cli.Sql;

/// <summary>A format for query results.</summary>
internal interface IRowFormat
{
    /// <summary>Whether rows arrive as one column of JSON objects.</summary>
    public bool IsJson { get; }

    /// <summary>Writes the header.</summary>
    public void Begin(IReadOnlyList<LakeColumn> columns);

    /// <summary>Writes rows.</summary>
    public void Write(DuckDbChunk rows);

    /// <summary>Writes the footer.</summary>
    public void End();
}
