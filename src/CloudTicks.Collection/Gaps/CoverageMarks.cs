using System.Buffers;
using System.Text.Json;
using CloudTicks.Foundations.Disks;
using CloudTicks.Polygon.Sessions;
using CloudTicks.Ticks;

namespace CloudTicks.Collection.Gaps;

/// <summary>
/// Stores, for the next run, the covered channels and the time up to which their received ticks are archived or spooled, in one file.
/// </summary>
internal sealed class CoverageMarks(string folder, Disk disk)
{
    private readonly string _path = Path.Combine(folder, "coverage.json");

    /// <summary>Reads the file.</summary>
    /// <returns>The time after which ticks may be missing, by channel, Unix ms, UTC; null when the file is missing or unreadable.</returns>
    public IReadOnlyDictionary<FeedChannel, long>? Read()
    {
        try
        {
            using var document = JsonDocument.Parse(File.ReadAllBytes(_path));
            var marks = new Dictionary<FeedChannel, long>();
            foreach (var entry in document.RootElement.GetProperty("channels"u8).EnumerateArray())
            {
                if (TickNames.TryParse(entry[0].GetString(), out Market market)
                    && Symbol.TryParseStored(market, entry[1].GetString(), out var symbol)
                    && TickNames.TryParse(entry[2].GetString(), out TickKind kind))
                {
                    marks[new FeedChannel(symbol, kind)] = entry[3].GetInt64();
                }
            }

            return marks;
        }
        catch (Exception exception) when (exception is IOException or JsonException or InvalidOperationException or KeyNotFoundException
            or IndexOutOfRangeException or FormatException)
        {
            // Without the file, the caller reads the end of the archive instead.
            return null;
        }
    }

    /// <summary>Replaces the file; it is durable when this returns.</summary>
    /// <exception cref="IOException">The write failed; the file has either the old or the new content.</exception>
    public void Write(IEnumerable<KeyValuePair<FeedChannel, long>> marks)
    {
        var content = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(content))
        {
            json.WriteStartObject();
            json.WriteStartArray("channels"u8);
            foreach (var (channel, mark) in marks)
            {
                json.WriteStartArray();
                json.WriteStringValue(channel.Symbol.Market.Name());
                json.WriteStringValue(channel.Symbol.Name);
                json.WriteStringValue(channel.Kind.Name());
                json.WriteNumberValue(mark);
                json.WriteEndArray();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        disk.Replace(_path, content.WrittenMemory);
    }
}
