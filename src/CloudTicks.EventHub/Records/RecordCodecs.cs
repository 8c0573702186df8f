using System.IO.Compression;
using System.Runtime.InteropServices;

namespace CloudTicks.EventHub.Records;

/// <summary>Compresses and decompresses the records of batches with the four codecs of the protocol.</summary>
internal static class RecordCodecs
{
    /// <summary>False when the machine lacks the codec's library.</summary>
    public static bool IsAvailable(RecordCodec codec) => codec != RecordCodec.Zstd || Zstd.IsAvailable;

    /// <summary>Appends decompressed records to the buffer.</summary>
    /// <param name="packed">Backed by an array.</param>
    /// <returns>
    /// False when the bytes are invalid or exceed the buffer's limit, or when the codec is unknown or its library is missing.
    /// </returns>
    public static bool TryUnpack(RecordCodec codec, ReadOnlyMemory<byte> packed, RecordBuffer to)
    {
        try
        {
            switch (codec)
            {
                case RecordCodec.None:
                    to.Append(packed.Span);
                    return true;
                case RecordCodec.Gzip:
                    UnpackGzip(packed, to);
                    return true;
                case RecordCodec.Snappy:
                    Snappy.Unpack(packed.Span, to);
                    return true;
                case RecordCodec.Lz4:
                    Lz4.Unpack(packed.Span, to);
                    return true;
                case RecordCodec.Zstd when Zstd.IsAvailable:
                    Zstd.Unpack(packed.Span, to);
                    return true;
                default:
                    return false;
            }
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>Appends compressed records to the buffer.</summary>
    public static void Pack(RecordCodec codec, ReadOnlySpan<byte> records, RecordBuffer to)
    {
        switch (codec)
        {
            case RecordCodec.Gzip:
                PackGzip(records, to);
                break;
            case RecordCodec.Snappy:
                Snappy.Pack(records, to);
                break;
            case RecordCodec.Lz4:
                Lz4.Pack(records, to);
                break;
            case RecordCodec.Zstd:
                Zstd.Pack(records, to);
                break;
            default:
                to.Append(records);
                break;
        }
    }

    private static void UnpackGzip(ReadOnlyMemory<byte> packed, RecordBuffer to)
    {
        _ = MemoryMarshal.TryGetArray(packed, out var array);
        using var gzip = new GZipStream(new MemoryStream(array.Array!, array.Offset, array.Count), CompressionMode.Decompress);
        var estimate = (int)Math.Min(4L * packed.Length, to.MaxBytes - to.Length);
        for (var read = gzip.Read(to.Reserve(estimate)); read > 0; read = gzip.Read(to.Reserve(1)))
        {
            to.Advance(read);
        }
    }

    private static void PackGzip(ReadOnlySpan<byte> records, RecordBuffer to)
    {
        using var packed = new MemoryStream();
        using (var gzip = new GZipStream(packed, CompressionLevel.Optimal, leaveOpen: true))
        {
            gzip.Write(records);
        }

        to.Append(packed.GetBuffer().AsSpan(0, (int)packed.Length));
    }
}
