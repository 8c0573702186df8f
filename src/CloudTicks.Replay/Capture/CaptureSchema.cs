using System.Text;
using CloudTicks.EventStream.Records;

namespace CloudTicks.Replay.Capture;

/// <summary>Reads Capture's events by field name, so that fields that Azure may add are skipped.</summary>
internal sealed class CaptureSchema
{
    private const string SequenceNumber = "SequenceNumber";
    private const string Offset = "Offset";
    private const string Properties = "Properties";
    private const string Body = "Body";

    private readonly IReadOnlyList<AvroField> _fields;

    /// <exception cref="CaptureFormatException">The schema is not Capture's.</exception>
    public CaptureSchema(AvroSchema schema)
    {
        _fields = schema.Fields;
        foreach (var name in (string[])[SequenceNumber, Body])
        {
            if (!_fields.Any(field => field.Name == name))
            {
                throw new CaptureFormatException($"it is an Avro file, but not one of Event Hubs Capture: its records have no {name}");
            }
        }

        if (_fields.Any(field => (field.Name == SequenceNumber && field.Schema.Kind is not (AvroKind.Long or AvroKind.Int))
            || (field.Name == Properties && field.Schema.Kind != AvroKind.Map)))
        {
            throw new CaptureFormatException("it is an Avro file, but not one of Event Hubs Capture: its fields have unexpected types");
        }
    }

    /// <exception cref="CaptureFormatException">The event is damaged.</exception>
    public CapturedRecord Read(AvroReader reader)
    {
        var (number, offset, headers, body) = (0L, "", default(List<RecordHeader>), ReadOnlyMemory<byte>.Empty);
        foreach (var field in _fields)
        {
            switch (field.Name)
            {
                case SequenceNumber:
                    number = reader.ReadLong();
                    break;
                case Offset:
                    offset = Encoding.UTF8.GetString((reader.ReadPrimitive(field.Schema) ?? default).Span);
                    break;
                case Properties:
                    headers = reader.ReadMap(field.Schema).ConvertAll(entry => new RecordHeader(entry.Name, entry.Value ?? default));
                    break;
                case Body:
                    body = reader.ReadPrimitive(field.Schema) ?? default;
                    break;
                default:
                    reader.Skip(field.Schema);
                    break;
            }
        }

        return new CapturedRecord(number, offset, headers ?? [], body);
    }
}
