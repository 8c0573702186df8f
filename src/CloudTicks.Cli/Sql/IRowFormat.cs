using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;

namespace CloudTicks.Cli.Sql;

/// <summary>How rows are written.</summary>
internal interface IRowFormat
{
    /// <summary>Whether it wants one column with a JSON object a row.</summary>
    public bool IsJson { get; }

    /// <summary>Writes what stands above the rows.</summary>
    public void Begin(IReadOnlyList<LakeColumn> columns);

    /// <summary>Writes rows.</summary>
    public void Write(DuckDbChunk rows);

    /// <summary>Writes what stands below them.</summary>
    public void End();
}
