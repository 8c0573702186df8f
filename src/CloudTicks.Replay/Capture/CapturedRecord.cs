using CloudTicks.EventStream.Records;

namespace CloudTicks.Replay.Capture;

/// <param name="SequenceNumber">The record's number in its partition, which is its offset in the Kafka protocol.</param>
/// <param name="Body">The record's bytes; valid until the next block is read.</param>
internal sealed record CapturedRecord(long SequenceNumber, string Offset, IReadOnlyList<RecordHeader> Headers, ReadOnlyMemory<byte> Body)
{
    /// <summary>The text of the first header with the given name; null if there is none.</summary>
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
