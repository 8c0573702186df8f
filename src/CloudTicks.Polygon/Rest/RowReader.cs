using System.Text.Json;
using System.Text.Unicode;
using CloudTicks.Polygon.Frames;
using CloudTicks.Ticks;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Polygon.Rest;

/// <summary>Decodes the history rows of one symbol, without an allocation per row.</summary>
internal sealed class RowReader(Symbol symbol, TickKind kind)
{
    private readonly (byte[] Name, EventField Field)[] _names = RowFields.Of(symbol.Market, kind);
    private readonly ElementFields _fields = new();
    private readonly TickDecoder _decoder = new(symbol.Market, new SymbolDictionary());

    /// <param name="rows">The rows of a page of valid JSON, starting at the first byte of the row to read.</param>
    /// <param name="tick">The tick; its spans are valid until the next call.</param>
    /// <param name="length">The length of the row in bytes.</param>
    /// <returns>Why the row is not a tick, or <see cref="TickRejection.None"/>.</returns>
    public TickRejection Read(ReadOnlySpan<byte> rows, ref Tick tick, out int length)
    {
        var reader = new Utf8JsonReader(rows);
        reader.Read();
        var isObject = reader.TokenType == JsonTokenType.StartObject;
        if (isObject)
        {
            ReadFields(rows, ref reader);
        }
        else
        {
            reader.Skip();
        }

        length = (int)reader.BytesConsumed;
        if (!isObject || !Utf8.IsValid(rows[..length]))
        {
            return TickRejection.NotJson;
        }

        var values = new FieldValues(rows[..length], _fields);
        _decoder.Decode(symbol, kind, ref values, ref tick);
        return values.Rejection;
    }

    private void ReadFields(ReadOnlySpan<byte> rows, ref Utf8JsonReader reader)
    {
        _fields.Clear();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var field = FieldOf(ref reader);
            reader.Read();
            _fields.Place(field) = TokenAt(rows, ref reader);
            _fields.Add(field);
        }
    }

    private EventField FieldOf(ref Utf8JsonReader reader)
    {
        foreach (var (name, field) in _names)
        {
            if (reader.ValueTextEquals(name))
            {
                return field;
            }
        }

        return EventField.None;
    }

    private static Token TokenAt(ReadOnlySpan<byte> rows, ref Utf8JsonReader reader)
    {
        var start = (int)reader.TokenStartIndex;
        switch (reader.TokenType)
        {
            case JsonTokenType.Number:
                NumberScanner.TryRead(rows, start, out var number);
                return number;
            case JsonTokenType.String:
                return new Token(reader.ValueIsEscaped ? TokenType.EscapedText : TokenType.Text, start + 1, reader.ValueSpan.Length);
            case JsonTokenType.StartArray:
                reader.Skip();
                return new Token(TokenType.List, start, (int)reader.BytesConsumed - start);
            case JsonTokenType.Null:
                return new Token(TokenType.Null, start, 4);
            default:
                reader.Skip();
                return new Token(TokenType.Object, start, (int)reader.BytesConsumed - start);
        }
    }
}
