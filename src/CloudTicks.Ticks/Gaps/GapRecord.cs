using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace CloudTicks.Ticks.Gaps;

/// <summary>
/// A record of the archive that describes a gap: one JSON object in UTF-8, in the partition of its symbol. It begins with <c>{</c>, which
/// no TickBatch does. Records with the same id are states of one gap; the record with the largest <c>changed_ms</c> is the current state.
/// <c>to_ms</c> is absent while the gap lasts, and <c>detail</c> is absent when it is null. <c>missing</c> and <c>restored</c> are present
/// only when the number of missing ticks is known, and <c>loss</c> only when the gap shares that number with other gaps. Readers skip
/// unknown fields.
/// <code>{"gap":{"version":1,"id":"...","market":"forex","symbol":"EURUSD","kind":"quote","from_ms":1737993600000,"to_ms":1737993605000,
/// "cause":"disconnected","found_by":"...","state":"open","recovered":0,"detail":"...","changed_ms":1737993605012}}</code>
/// </summary>
public static class GapRecord
{
    /// <summary>The version that this program writes. Adding fields does not change it.</summary>
    public const int Version = 1;

    /// <summary>Maximum length of the cause, in characters.</summary>
    public const int MaxCauseLength = 64;

    /// <summary>Maximum length of the other texts, in characters. The writer truncates longer ones.</summary>
    public const int MaxTextLength = 1_000;

    // HTML characters need no escaping, because the record is never embedded in HTML.
    private static readonly JsonWriterOptions Plain = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Whether a record of the archive begins like a gap record.</summary>
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

    /// <summary>Writes the fields of a gap, which are the same in every interface.</summary>
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

        json.WriteString("cause"u8, Truncate(gap.Cause, MaxCauseLength));
        json.WriteString("found_by"u8, Truncate(gap.FoundBy, MaxTextLength));
        json.WriteString("state"u8, gap.State.Name());
        json.WriteNumber("recovered"u8, gap.Recovered);
        if (gap.Detail is { } detail)
        {
            json.WriteString("detail"u8, Truncate(detail, MaxTextLength));
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

    /// <summary>Reads a gap record. Records are untrusted input: every field is checked.</summary>
    /// <returns>False when it is not a valid gap record of a known version.</returns>
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
            fault = $"The record begins with a brace, as gap records do, but is not JSON: {notJson.Message}";
        }
        catch (GapFormatException wrong)
        {
            fault = wrong.Message;
        }

        gap = null;
        return false;
    }

    private static string Truncate(string text, int max) =>
        text.Length <= max ? text : text[..(char.IsHighSurrogate(text[max - 1]) ? max - 1 : max)];
}
