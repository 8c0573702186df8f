using System.Text.Json;

namespace CloudTicks.Replay.Capture;

internal enum AvroKind
{
    Null,
    Boolean,
    Int,
    Long,
    Float,
    Double,
    Bytes,
    String,
    Fixed,
    Enum,
    Array,
    Map,
    Union,
    Record,
}

internal readonly record struct AvroField(string Name, AvroSchema Schema);

/// <summary>How values are encoded in an Avro file: https://avro.apache.org/docs/1.11.1/specification/ (Schema Declaration).</summary>
internal sealed class AvroSchema
{
    private const int MaxDepth = 32;

    private AvroSchema(AvroKind kind) => Kind = kind;

    public AvroKind Kind { get; }

    public IReadOnlyList<AvroField> Fields { get; private set; } = [];

    public IReadOnlyList<AvroSchema> Branches { get; private init; } = [];

    public AvroSchema? Items { get; private init; }

    public int Size { get; private init; }

    /// <exception cref="CaptureFormatException">The JSON is not a schema.</exception>
    public static AvroSchema Parse(ReadOnlyMemory<byte> json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Parse(document.RootElement, new Dictionary<string, AvroSchema>(StringComparer.Ordinal), 0);
        }
        catch (Exception wrong) when (wrong is JsonException or InvalidOperationException or KeyNotFoundException or FormatException)
        {
            throw new CaptureFormatException($"its Avro schema cannot be read ({wrong.Message})");
        }
    }

    private static AvroSchema Parse(JsonElement json, Dictionary<string, AvroSchema> named, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new CaptureFormatException("its Avro schema is nested too deeply");
        }

        return json.ValueKind switch
        {
            JsonValueKind.String => FromName(json.GetString()!, named),
            JsonValueKind.Array => new AvroSchema(AvroKind.Union)
            {
                Branches = [.. json.EnumerateArray().Select(branch => Parse(branch, named, depth + 1))],
            },
            _ => FromObject(json, named, depth),
        };
    }

    private static AvroSchema FromObject(JsonElement json, Dictionary<string, AvroSchema> named, int depth)
    {
        var type = json.GetProperty("type");
        switch (type.ValueKind == JsonValueKind.String ? type.GetString() : null)
        {
            case "record":
                // Register the record before its fields are read, because they may refer to it.
                var record = Name(json, new AvroSchema(AvroKind.Record), named);
                record.Fields =
                [
                    .. json.GetProperty("fields").EnumerateArray()
                        .Select(field => new AvroField(
                            field.GetProperty("name").GetString()!, Parse(field.GetProperty("type"), named, depth + 1))),
                ];
                return record;
            case "enum":
                return Name(json, new AvroSchema(AvroKind.Enum), named);
            case "fixed":
                var size = json.GetProperty("size").GetInt32();
                return size >= 0
                    ? Name(json, new AvroSchema(AvroKind.Fixed) { Size = size }, named)
                    : throw new CaptureFormatException("its Avro schema has a fixed type of negative size");
            case "array":
                return new AvroSchema(AvroKind.Array) { Items = Parse(json.GetProperty("items"), named, depth + 1) };
            case "map":
                return new AvroSchema(AvroKind.Map) { Items = Parse(json.GetProperty("values"), named, depth + 1) };
            default:
                return Parse(type, named, depth + 1);
        }
    }

    private static AvroSchema FromName(string name, Dictionary<string, AvroSchema> named) => name switch
    {
        "null" => new AvroSchema(AvroKind.Null),
        "boolean" => new AvroSchema(AvroKind.Boolean),
        "int" => new AvroSchema(AvroKind.Int),
        "long" => new AvroSchema(AvroKind.Long),
        "float" => new AvroSchema(AvroKind.Float),
        "double" => new AvroSchema(AvroKind.Double),
        "bytes" => new AvroSchema(AvroKind.Bytes),
        "string" => new AvroSchema(AvroKind.String),
        _ => named.TryGetValue(name, out var schema)
            ? schema
            : throw new CaptureFormatException($"its Avro schema names the type '{name}', which does not exist"),
    };

    private static AvroSchema Name(JsonElement json, AvroSchema schema, Dictionary<string, AvroSchema> named)
    {
        var name = json.GetProperty("name").GetString()!;
        named[name] = schema;
        if (json.TryGetProperty("namespace", out var space))
        {
            named[$"{space.GetString()}.{name}"] = schema;
        }

        return schema;
    }
}
