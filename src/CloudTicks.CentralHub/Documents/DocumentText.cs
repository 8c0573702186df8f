using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.Foundations;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Parses documents and patches with limits on size, depth and length of texts. Duplicate names are refused.</summary>
public static class DocumentText
{
    /// <summary>Maximum size of a document and of its request: 256 KiB.</summary>
    public const int MaxBytes = 256 << 10;

    /// <summary>Maximum nesting of objects and arrays: 32.</summary>
    public const int MaxDepth = 32;

    /// <summary>Maximum length of a text or name in UTF-16 code units: 4,096.</summary>
    public const int MaxTextLength = 4_096;

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaxDepth, AllowDuplicateProperties = false };

    /// <summary>Parses a document or a merge patch.</summary>
    /// <param name="utf8">JSON in UTF-8.</param>
    /// <returns>False when the text is not a JSON object, or exceeds a limit.</returns>
    public static bool TryRead(
        ReadOnlySpan<byte> utf8, [NotNullWhen(true)] out JsonObject? document, [NotNullWhen(false)] out DocumentFault? fault)
    {
        document = null;
        fault = CheckLimits(utf8);
        if (fault is not null)
        {
            return false;
        }

        try
        {
            document = JsonNode.Parse(utf8, null, Strict) as JsonObject;
            fault = document is null ? new DocumentFault("", "It is not a JSON object: a document begins with '{'.") : null;
        }
        catch (JsonException exception)
        {
            // The parser's message may repeat the content, which may be a secret.
            fault = new DocumentFault("", string.Create(
                CultureInfo.InvariantCulture,
                $"It is not valid JSON, line {exception.LineNumber + 1}, byte {exception.BytePositionInLine + 1}: a syntax error, a "
                + $"duplicate name, or more than {MaxDepth} levels of nested objects and arrays."));
        }

        return document is not null;
    }

    private static DocumentFault? CheckLimits(ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > MaxBytes)
        {
            return new DocumentFault(
                "", string.Create(
                    CultureInfo.InvariantCulture, $"It exceeds {new ByteSize(MaxBytes)}, the maximum size of a document."));
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
                        $"A string that ends before byte {reader.BytesConsumed} is longer than {MaxTextLength:N0} characters."));
                }
            }
        }
        catch (JsonException)
        {
            // The parser reports this error with its position.
        }
        catch (InvalidOperationException)
        {
            return new DocumentFault("", "A string is not valid Unicode: it has half of a surrogate pair.");
        }

        return null;
    }
}
