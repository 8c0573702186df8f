using CloudTicks.Lake.Native;
using CloudTicks.Lake.Sql;

namespace CloudTicks.Cli.Sql;

/// <summary>Writes one JSON object per line.</summary>
internal sealed class JsonRows(Stream output) : IRowFormat
{
    public bool IsJson => true;

    public void Begin(IReadOnlyList<LakeColumn> columns)
    {
        // There is no header: each line contains the column names.
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
