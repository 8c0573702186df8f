namespace CloudTicks.EventStream.Records;

/// <summary>A record read from the stream.</summary>
/// <param name="Value">The bytes of the value.</param>
/// <param name="Headers">The headers, in order.</param>
public sealed record StreamRecord(
    RecordOrigin Origin, DateTimeOffset Timestamp, ReadOnlyMemory<byte> Value, IReadOnlyList<RecordHeader> Headers)
{
    /// <summary>The text of the first header with this name; null when the record has no such header.</summary>
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
