using System.Text.Json;

namespace CloudTicks.Polygon.Rest;

/// <summary>The JSON around the rows of a page: <c>status</c>, <c>results</c> (absent when empty) and <c>next_url</c>.</summary>
/// <param name="Results">The bytes between the brackets of the row list.</param>
internal readonly record struct PageEnvelope(ReadOnlyMemory<byte> Results, string? NextUrl)
{
    /// <summary>Reads the whole page, so that a truncated page is not mistaken for the last one.</summary>
    /// <exception cref="JsonException">The bytes are not JSON, or not a page.</exception>
    public static PageEnvelope Read(ReadOnlyMemory<byte> bytes)
    {
        var reader = new Utf8JsonReader(bytes.Span);
        var envelope = default(PageEnvelope);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("The response is not an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isResults = reader.ValueTextEquals("results"u8);
            var isNext = reader.ValueTextEquals("next_url"u8);
            var isStatus = reader.ValueTextEquals("status"u8);
            reader.Read();
            if (isResults && reader.TokenType == JsonTokenType.StartArray)
            {
                var start = (int)reader.TokenStartIndex + 1;
                reader.Skip();
                envelope = envelope with { Results = bytes[start..((int)reader.BytesConsumed - 1)] };
            }
            else if (isResults && reader.TokenType != JsonTokenType.Null)
            {
                throw new JsonException("The results are not a list.");
            }
            else if (isNext && reader.TokenType == JsonTokenType.String)
            {
                envelope = envelope with { NextUrl = reader.GetString() is { Length: > 0 } url ? url : null };
            }
            else if (isStatus && reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("ERROR"u8))
            {
                throw new JsonException("The status is ERROR.");
            }
            else
            {
                reader.Skip();
            }
        }

        // Nothing may follow the object.
        while (reader.Read())
        {
        }

        return envelope;
    }
}
