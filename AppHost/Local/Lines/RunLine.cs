using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CloudTicks.AppHost.Local.Lines;

internal sealed record RunLine(DateTimeOffset Time, string Part, LineLevel Level, string Text)
{
    private const int NameWidth = 12;

    // Programs and people read the lines, not browsers, so HTML escaping is unnecessary.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line as the service wrote it; null for AppHost's own lines.</summary>
    public string? Original { get; init; }

    public string Message =>
        Original is not null && Text.IndexOf("  ", StringComparison.Ordinal) is >= 0 and var end ? Text[(end + 2)..] : Text;

    /// <summary><c>part         | HH:mm:ss.fff INFO  text</c>, or the part's name and the service's own line.</summary>
    public string ToPlain() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Part,-NameWidth} | {Original ?? string.Create(CultureInfo.InvariantCulture, $"{Time:HH:mm:ss.fff} {Level.Name(),-5} {Text}")}");

    /// <summary>
    /// Adds <c>part</c> to a service's own JSON; for any other line, the object has <c>part</c>, <c>time</c>, <c>level</c> and
    /// <c>message</c>.
    /// </summary>
    public string ToJson()
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Readable))
        {
            json.WriteStartObject();
            json.WriteString("part", Part);
            if (Original is not null && ServiceLine.TryParseObject(Original) is { } document)
            {
                using (document)
                {
                    foreach (var property in document.RootElement.EnumerateObject().Where(property => !property.NameEquals("part")))
                    {
                        property.WriteTo(json);
                    }
                }
            }
            else
            {
                json.WriteString("time", Time.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture));
                json.WriteString("level", Level.Name());
                json.WriteString("message", Original ?? Text);
            }

            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
