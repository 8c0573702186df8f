using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CloudTicks.AppHost.Local.Lines;

internal sealed record RunLine(DateTimeOffset Time, string Part, LineLevel Level, string Text)
{
    private const int NameWidth = 12;

    // The lines are read by programs and people, never by a browser.
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The line of a service as the service wrote it; null when it is AppHost's own.</summary>
    public string? Original { get; init; }

    public string Message =>
        Original is not null && Text.IndexOf("  ", StringComparison.Ordinal) is >= 0 and var end ? Text[(end + 2)..] : Text;

    /// <summary><c>part         | HH:mm:ss.fff INFO  text</c>, or the service's own line behind its name.</summary>
    public string ToPlain() => string.Create(
        CultureInfo.InvariantCulture,
        $"{Part,-NameWidth} | {Original ?? string.Create(CultureInfo.InvariantCulture, $"{Time:HH:mm:ss.fff} {Level.Name(),-5} {Text}")}");

    /// <summary>The service's own JSON behind <c>part</c>, else <c>part</c>, <c>time</c>, <c>level</c>, <c>message</c>.</summary>
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
