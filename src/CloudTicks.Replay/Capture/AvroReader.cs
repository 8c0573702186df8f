using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace CloudTicks.Replay.Capture;

/// <summary>Reads Avro values one after the other; every length is checked against the remaining bytes.</summary>
internal sealed class AvroReader(ReadOnlyMemory<byte> bytes)
{
    private const int MaxDepth = 64;
    private const int MaxVarintBytes = 10;

    private int _position;

    public bool IsAtEnd => _position == bytes.Length;

    public long ReadLong()
    {
        var value = 0UL;
        for (var index = 0; index < MaxVarintBytes; index++)
        {
            var next = ReadRaw(1).Span[0];
            value |= (ulong)(next & 0x7F) << (7 * index);
            if (next < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw new CaptureFormatException("a number in it is too long");
    }

    /// <summary>Reads bytes, or a string in UTF-8; the result is valid as long as the reader's bytes.</summary>
    public ReadOnlyMemory<byte> ReadBytes() => ReadRaw(ReadLong());

    /// <summary>Reads a primitive value as text or bytes; null for null.</summary>
    public ReadOnlyMemory<byte>? ReadPrimitive(AvroSchema schema) => schema.Kind switch
    {
        AvroKind.Null => null,
        AvroKind.Bytes or AvroKind.String => ReadBytes(),
        AvroKind.Fixed => ReadRaw(schema.Size),
        AvroKind.Int or AvroKind.Long => Encoding.UTF8.GetBytes(ReadLong().ToString(CultureInfo.InvariantCulture)),
        AvroKind.Boolean => ReadRaw(1).Span[0] == 0 ? "false"u8.ToArray() : "true"u8.ToArray(),
        AvroKind.Double => Encoding.UTF8.GetBytes(
            BinaryPrimitives.ReadDoubleLittleEndian(ReadRaw(sizeof(double)).Span).ToString(CultureInfo.InvariantCulture)),
        AvroKind.Float => Encoding.UTF8.GetBytes(
            BinaryPrimitives.ReadSingleLittleEndian(ReadRaw(sizeof(float)).Span).ToString(CultureInfo.InvariantCulture)),
        AvroKind.Union => ReadPrimitive(ReadBranch(schema)),
        _ => throw new CaptureFormatException($"it has the type {schema.Kind} where a primitive value is expected"),
    };

    public List<(string Name, ReadOnlyMemory<byte>? Value)> ReadMap(AvroSchema schema)
    {
        var entries = new List<(string, ReadOnlyMemory<byte>?)>();
        for (var count = ReadCount(); count > 0; count = ReadCount())
        {
            for (var index = 0L; index < count; index++)
            {
                entries.Add((Encoding.UTF8.GetString(ReadBytes().Span), ReadPrimitive(schema.Items!)));
            }
        }

        return entries;
    }

    public void Skip(AvroSchema schema) => Skip(schema, 0);

    private void Skip(AvroSchema schema, int depth)
    {
        if (depth > MaxDepth)
        {
            throw new CaptureFormatException("a value in it is nested too deeply");
        }

        switch (schema.Kind)
        {
            case AvroKind.Record:
                foreach (var field in schema.Fields)
                {
                    Skip(field.Schema, depth + 1);
                }

                break;
            case AvroKind.Union:
                Skip(ReadBranch(schema), depth + 1);
                break;
            case AvroKind.Array or AvroKind.Map:
                SkipItems(schema, depth);
                break;
            case AvroKind.Enum:
                ReadLong();
                break;
            default:
                ReadPrimitive(schema);
                break;
        }
    }

    private void SkipItems(AvroSchema schema, int depth)
    {
        for (var count = ReadCount(); count > 0; count = ReadCount())
        {
            for (var index = 0L; index < count; index++)
            {
                if (schema.Kind == AvroKind.Map)
                {
                    ReadBytes();
                }

                var before = _position;
                Skip(schema.Items!, depth + 1);
                if (_position == before && schema.Kind == AvroKind.Array)
                {
                    break; // the remaining items have no bytes, so there is nothing to skip
                }
            }
        }
    }

    private AvroSchema ReadBranch(AvroSchema schema)
    {
        var branch = ReadLong();
        return branch >= 0 && branch < schema.Branches.Count
            ? schema.Branches[(int)branch]
            : throw new CaptureFormatException("a value in it has a type that its schema does not define");
    }

    /// <summary>Reads the number of items that follow; a negative number is followed by their size in bytes.</summary>
    private long ReadCount()
    {
        var count = ReadLong();
        if (count < 0)
        {
            ReadLong();
            count = count == long.MinValue ? throw new CaptureFormatException("a count in it is invalid") : -count;
        }

        return count;
    }

    private ReadOnlyMemory<byte> ReadRaw(long length)
    {
        if (length < 0 || length > bytes.Length - _position)
        {
            throw new CaptureFormatException("a value in it extends beyond its block");
        }

        _position += (int)length;
        return bytes.Slice(_position - (int)length, (int)length);
    }
}
