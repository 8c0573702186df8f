using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.Foundations;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Documents and patches as they come over the wire, within bounds: size, depth, lengths of texts, no name twice.</summary>
public static class DocumentText
{
    /// <summary>Most bytes of a document, and of a request with one: 256 KiB.</summary>
    public const int MaxBytes = 256 << 10;

    /// <summary>Most objects and arrays one in another: 32.</summary>
    public const int MaxDepth = 32;

    /// <summary>Most UTF-16 units of one text or name: 4,096.</summary>
    public const int MaxTextLength = 4_096;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Reads a document or a merge patch.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <returns>False when it is no JSON object, or beyond the bounds.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out JsonObject? document, [NotNullWhen(false)] out DocumentFault? fault)
    {
        document = null;
        fault = Bounds(utf8);
        if (fault is not null)
        {
            return false;
        }

        try
        {
            document = JsonNode.Parse(utf8, null, Strict) as JsonObject;
            fault = document is null ? new DocumentFault("", "It is no JSON object: a document begins with '{'.") : null;
        }
        catch (JsonException exception)
        {
            // The reader's own sentence may repeat what it read.
            fault = new DocumentFault("", string.Create(
                CultureInfo.InvariantCulture,
                $"It is no JSON that can be used, line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: a mark is "
                    + $"wrong or missing, a name stands twice, or more than {MaxDepth} objects and arrays stand one in another."));
        }

        return document is not null;
    }

    private static DocumentFault? Bounds(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return new DocumentFault(
                "", string.Create(
                    CultureInfo.InvariantCulture, $"It has more than the {new ByteSize(MaxBytes)} that a document may have."));
        }

        try
        {
            var reader = new Utf8JsonReader(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.GetString()!.Length > MaxTextLength)
                {
                    return new DocumentFault("", string.Create(
                        CultureInfo.InvariantCulture,
                        $"A text in it, before byte {reader.BytesConsumed}, is longer than {MaxTextLength:N0} letters."));
                }
            }
        }
        catch (JsonException)
        {
            // Told, with its place, when it is read.
        }
        catch (InvalidOperationException)
        {
            return new DocumentFault("", "A text in it is no valid Unicode: half of a surrogate pair.");
        }

        return null;
    }
}
