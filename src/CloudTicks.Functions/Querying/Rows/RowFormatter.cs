using System.Buffers;
using System.Text.Json;

namespace CloudTicks.Functions.Querying.Rows;

internal abstract class RowFormatter<T>
{
    public abstract string Columns { get; }

    /// <summary>Writes the fields of a JSON object; absent ones are omitted.</summary>
    public abstract void Write(Utf8JsonWriter json, T row);

    /// <summary>Writes the fields of a CSV line in the order of <see cref="Columns"/>; absent ones are empty.</summary>
    public abstract void Write(CsvLine csv, T row);

    public ReadOnlyMemory<byte> Object(T row)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(buffer);
        json.WriteStartObject();
        Write(json, row);
        json.WriteEndObject();
        json.Flush();
        return buffer.WrittenMemory;
    }

    protected static void Number(Utf8JsonWriter json, string name, double? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }

    protected static void Number(Utf8JsonWriter json, string name, long? value)
    {
        if (value is { } number)
        {
            json.WriteNumber(name, number);
        }
    }
}
