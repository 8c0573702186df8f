using System.Buffers;
using System.Text.Json;
using CloudTicks.Ticks.Gaps;

namespace CloudTicks.Functions.Querying;

internal static class GapRowsJson
{
    public static ReadOnlyMemory<byte> Of(IReadOnlyList<FeedGap> gaps)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartArray();
        foreach (var gap in gaps)
        {
            json.WriteStartObject();
            GapRecord.WriteFields(json, gap);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.Flush();
        return buffer.WrittenMemory;
    }
}
