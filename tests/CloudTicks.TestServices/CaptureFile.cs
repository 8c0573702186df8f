using System.IO.Compression;
using System.Text;

namespace CloudTicks.TestServices;

/// <summary>
/// Writes a file in the format of Event Hubs Capture, from Avro's specification and independently of the product's reader.
/// </summary>
public sealed class CaptureFile(bool deflate = false, string? schema = null) : IDisposable
{
    /// <summary>The schema of Capture's files, from Azure's documentation.</summary>
    public const string Schema = """
        {"type":"record","name":"EventData","namespace":"Microsoft.ServiceBus.Messaging","fields":[
        {"name":"SequenceNumber","type":"long"},
        {"name":"Offset","type":"string"},
        {"name":"EnqueuedTimeUtc","type":"string"},
        {"name":"SystemProperties","type":{"type":"map","values":["long","double","string","bytes"]}},
        {"name":"Properties","type":{"type":"map","values":["long","double","string","bytes","null"]}},
        {"name":"Body","type":["null","bytes"]}]}
        """;

    private static readonly byte[] SyncMarker = [.. Enumerable.Range(200, 16).Select(number => (byte)number)];

    private readonly MemoryStream _file = new();
    private readonly MemoryStream _block = new();
    private long _valueCount;
    private long _sequence;
    private bool _isBegun;

    /// <summary>Adds an event with the property <c>feed</c>, as bytes (as Kafka clients send it) or as text.</summary>
    /// <param name="body">The event's body.</param>
    /// <param name="feed">The property's value.</param>
    /// <param name="asText">Whether the property is text.</param>
    public CaptureFile Add(byte[]? body, string feed = "simulated", bool asText = false)
    {
        Long(_block, _sequence);
        Text(_block, $"{_sequence * 4096}");
        Text(_block, "1/27/2025 4:00:00 PM");
        Long(_block, 2); // System properties: two in one block, and the end marker.
        Text(_block, "x-opt-kafka-key");
        Long(_block, 3);
        Bytes(_block, [1, 2, 3]);
        Text(_block, "x-opt-enqueued");
        Long(_block, 1);
        _block.Write(BitConverter.GetBytes(1.5));
        Long(_block, 0);
        Long(_block, -1); // Properties: a negative count, followed by a size in bytes, which readers may ignore.
        Long(_block, 99);
        Text(_block, "feed");
        Long(_block, asText ? 2 : 3);
        Text(_block, feed);
        Long(_block, 0);
        Long(_block, body is null ? 0 : 1);
        if (body is not null)
        {
            Bytes(_block, body);
        }

        _sequence++;
        _valueCount++;
        return this;
    }

    /// <summary>Ends the current block.</summary>
    public CaptureFile EndBlock()
    {
        Begin();
        var bytes = _block.ToArray();
        if (deflate)
        {
            using var compressed = new MemoryStream();
            using (var stream = new DeflateStream(compressed, CompressionLevel.Fastest))
            {
                stream.Write(bytes);
            }

            bytes = compressed.ToArray();
        }

        Long(_file, _valueCount);
        Bytes(_file, bytes);
        _file.Write(SyncMarker);
        _block.SetLength(0);
        _valueCount = 0;
        return this;
    }

    /// <summary>The complete file.</summary>
    public byte[] ToArray()
    {
        Begin();
        if (_valueCount > 0)
        {
            EndBlock();
        }

        return _file.ToArray();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        _block.Dispose();
    }

    /// <summary>Writes the file, creates its folders, and disposes of this writer.</summary>
    /// <param name="path">The path.</param>
    public void Save(string path)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, ToArray());
        Dispose();
    }

    private void Begin()
    {
        if (_isBegun)
        {
            return;
        }

        _isBegun = true;
        _file.Write("Obj\u0001"u8);
        Long(_file, 2);
        Text(_file, "avro.codec");
        Text(_file, deflate ? "deflate" : "null");
        Text(_file, "avro.schema");
        Text(_file, schema ?? Schema);
        Long(_file, 0);
        _file.Write(SyncMarker);
    }

    private static void Text(Stream stream, string text) => Bytes(stream, Encoding.UTF8.GetBytes(text));

    private static void Bytes(Stream stream, byte[] bytes)
    {
        Long(stream, bytes.Length);
        stream.Write(bytes);
    }

    private static void Long(Stream stream, long value)
    {
        var remaining = (ulong)((value << 1) ^ (value >> 63));
        while (remaining > 0x7F)
        {
            stream.WriteByte((byte)(remaining | 0x80));
            remaining >>= 7;
        }

        stream.WriteByte((byte)remaining);
    }
}
