namespace CloudTicks.EventStream.Records;

/// <summary>A record read from the stream.</summary>
/// <param name="Value">Its bytes.</param>
/// <param name="Headers">Its headers, in order.</param>
public sealed record StreamRecord(
    RecordOrigin Origin, DateTimeOffset Timestamp, ReadOnlyMemory<byte> Value, IReadOnlyList<RecordHeader> Headers)
{
    /// <summary>The text of the first header with this name, or null.</summary>
    public string? HeaderText(string name)
    {
        foreach (var header in Headers)
        {
            if (header.Name == name)
            {
                return header.Text;
            }
        }

        return null;
    }
}
