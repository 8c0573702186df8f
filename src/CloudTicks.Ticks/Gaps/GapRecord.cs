using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CloudTicks.Ticks.Gaps;

/// <summary>
/// A record of the archive that tells of a gap instead of ticks: one JSON object in UTF-8. It begins with <c>{</c>, which no TickBatch
/// does, and stands in the partition of its symbol. The records of one id are the states of one gap: that with the largest
/// <c>changed_ms</c> holds.
/// <code>{"gap":{"version":1,"id":"...","market":"forex","symbol":"EURUSD","kind":"quote","from_ms":1737993600000,"to_ms":1737993605000,
/// "cause":"disconnected","found_by":"...","state":"open","recovered":0,"detail":"...","changed_ms":1737993605012}}</code>
/// While it lasts it has no <c>to_ms</c>, and without anything to say no <c>detail</c>. Only a gap with a known number of missing ticks has
/// <c>missing</c> and <c>restored</c>, and <c>loss</c> when it shares the number with others. Readers pass over fields that they do not
/// know.
/// </summary>
public static class GapRecord
{
    /// <summary>The version that this program writes. Fields may be added without another one.</summary>
    public const int Version = 1;

    /// <summary>Longest cause, in characters.</summary>
    public const int MaxCauseLength = 64;

    /// <summary>Longest text of how it was found, or of its detail, in characters; the writer cuts what is longer.</summary>
    public const int MaxTextLength = 1_000;

    // For people and programs that read it as it stands, not for HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a record of the archive is, or wants to be, a gap record.</summary>
    public static bool IsGap(ReadOnlySpan<byte> record) => record.Length > 0 && record[0] == (byte)'{';

    /// <summary>Writes a gap.</summary>
    /// <returns>The record's value, a few hundred bytes.</returns>
    public static byte[] Write(FeedGap gap)
    {
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer, Plain))
        {
            json.WriteStartObject();
            json.WriteStartObject("gap"u8);
            json.WriteNumber("version"u8, Version);
            WriteFields(json, gap);
            json.WriteEndObject();
            json.WriteEndObject();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes gaps as a JSON array of objects with the fields of their records.</summary>
    public static byte[] WriteArray(IReadOnlyList<FeedGap> gaps)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartArray();
            foreach (var gap in gaps)
            {
                json.WriteStartObject();
                WriteFields(json, gap);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        return buffer.WrittenSpan.ToArray();
    }

    /// <summary>Writes the fields of a gap into an object, as every interface shows them.</summary>
    private static void WriteFields(Utf8JsonWriter json, FeedGap gap)
    {
        json.WriteString("id"u8, gap.Id);
        json.WriteString("market"u8, gap.Symbol.Market.Name());
        json.WriteString("symbol"u8, gap.Symbol.Name);
        json.WriteString("kind"u8, gap.Kind.Name());
        json.WriteNumber("from_ms"u8, gap.FromMs);
        if (gap.ToMs is { } to)
        {
            json.WriteNumber("to_ms"u8, to);
        }

        json.WriteString("cause"u8, Cut(gap.Cause, MaxCauseLength));
        json.WriteString("found_by"u8, Cut(gap.FoundBy, MaxTextLength));
        json.WriteString("state"u8, gap.State.Name());
        json.WriteNumber("recovered"u8, gap.Recovered);
        if (gap.Detail is { } detail)
        {
            json.WriteString("detail"u8, Cut(detail, MaxTextLength));
        }

        json.WriteNumber("changed_ms"u8, gap.ChangedMs);
        if (gap.Missing > 0)
        {
            json.WriteNumber("missing"u8, gap.Missing);
            json.WriteNumber("restored"u8, gap.Restored);
        }

        if (gap.Loss is { } loss)
        {
            json.WriteString("loss"u8, loss);
        }
    }

    /// <summary>Reads a gap record. Records are data of strangers: every field is checked.</summary>
    /// <returns>False when it is no gap record of a version that this program knows.</returns>
    public static bool TryRead(
        ReadOnlyMemory<byte> record, [NotNullWhen(true)] out FeedGap? gap, [NotNullWhen(false)] out string? fault)
    {
        try
        {
            using var document = JsonDocument.Parse(record);
            gap = new GapFields(document.RootElement).Read();
            fault = null;
            return true;
        }
        catch (JsonException notJson)
        {
            fault = $"The record begins with a brace, as gap records do, but is no JSON: {notJson.Message}";
        }
        catch (GapFormatException wrong)
        {
            fault = wrong.Message;
        }

        gap = null;
        return false;
    }

    private static string Cut(string text, int longest) =>
        text.Length <= longest ? text : text[..(char.IsHighSurrogate(text[longest - 1]) ? longest - 1 : longest)];
}
