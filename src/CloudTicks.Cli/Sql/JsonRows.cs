using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;

namespace CloudTicks.Cli.Sql;

/// <summary>One JSON object per line.</summary>
internal sealed class JsonRows(Stream output) : IRowFormat
{
    public bool IsJson => true;

    public void Begin(IReadOnlyList<LakeColumn> columns)
    {
        // No header: each line has the names.
    }

    public void Write(DuckDbChunk rows)
    {
        for (var row = 0; row < rows.Count; row++)
        {
            output.Write(rows[0].Bytes(row));
            output.WriteByte((byte)'\n');
        }
    }

    public void End() => output.Flush();
}
