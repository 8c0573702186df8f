using System.Globalization;
using System.IO.Compression;
using System.Text;

namespace CloudTicks.Replay.Capture;

/// <summary>
/// Reads an Avro container file (avro.apache.org, Object Container Files). Only one block is in memory at a time; the sync marker after
/// each block is checked.
/// </summary>
internal sealed class AvroFile : IDisposable
{
    /// <summary>The maximum block size, compressed and uncompressed, in bytes.</summary>
    public const int MaxBlockBytes = 256 << 20;

    private const int SyncMarkerBytes = 16;
    private const int MaxHeaderValueBytes = 1 << 20;
    private const int MaxHeaderEntries = 1_000;
    private const int MaxVarintBytes = 10;
    private const int FileBufferBytes = 64 * 1024;

    private readonly FileStream _file;
    private readonly byte[] _syncMarker = new byte[SyncMarkerBytes];
    private readonly byte[] _foundSyncMarker = new byte[SyncMarkerBytes];
    private byte[] _block = [];
    private byte[] _inflated = [];
    private bool _isDeflated;

    private AvroFile(FileStream file) => _file = file;

    public AvroSchema Schema { get; private set; } = null!;

    /// <summary>The position of the current block in the file; before the first block, the position after the header.</summary>
    public long Position { get; private set; }

    /// <summary>Opens a file and reads its header.</summary>
    /// <exception cref="CaptureFormatException">The file is not an Avro file, or its header is damaged.</exception>
    public static async Task<AvroFile> OpenAsync(string path, CancellationToken cancellationToken)
    {
        var file = new AvroFile(new FileStream(
            path, new FileStreamOptions { BufferSize = FileBufferBytes, Options = FileOptions.SequentialScan }));
        try
        {
            await file.ReadHeaderAsync(cancellationToken);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <returns>The number of values in the block and their bytes, valid until the next call; null after the last block.</returns>
    /// <exception cref="CaptureFormatException">The block is damaged.</exception>
    public async Task<(long Values, ReadOnlyMemory<byte> Bytes)?> ReadBlockAsync(CancellationToken cancellationToken)
    {
        Position = _file.Position;
        if (_file.Position == _file.Length)
        {
            return null;
        }

        var values = ReadLong();
        var length = ReadLong();
        if (values < 0 || length < 0 || length > _file.Length - _file.Position - SyncMarkerBytes)
        {
            throw new CaptureFormatException("the file ends within a block, or the block's length is wrong");
        }

        if (length > MaxBlockBytes)
        {
            throw TooLarge();
        }

        var bytes = await ReadAsync(length, cancellationToken);
        await _file.ReadExactlyAsync(_foundSyncMarker, cancellationToken);
        if (!_foundSyncMarker.AsSpan().SequenceEqual(_syncMarker))
        {
            throw new CaptureFormatException("the sync marker after a block is not the file's");
        }

        return (values, _isDeflated ? Inflate(bytes) : bytes);
    }

    public void Dispose() => _file.Dispose();

    private async Task ReadHeaderAsync(CancellationToken cancellationToken)
    {
        var magic = new byte[4];
        if (await _file.ReadAtLeastAsync(magic, magic.Length, throwOnEndOfStream: false, cancellationToken) < magic.Length
            || !magic.AsSpan().SequenceEqual("Obj\u0001"u8))
        {
            throw new CaptureFormatException("it is not an Avro file: it does not begin with 'Obj' and the byte 1");
        }

        AvroSchema? schema = null;
        var entries = 0L;
        for (var count = ReadLong(); count != 0; count = ReadLong())
        {
            if (count < 0)
            {
                ReadLong();
                count = -count;
            }

            entries += count;
            if (count < 0 || entries > MaxHeaderEntries)
            {
                throw new CaptureFormatException("its header is damaged");
            }

            for (; count > 0; count--)
            {
                var name = Encoding.UTF8.GetString((await ReadHeaderValueAsync(cancellationToken)).Span);
                var value = await ReadHeaderValueAsync(cancellationToken);
                switch (name)
                {
                    case "avro.schema":
                        schema = AvroSchema.Parse(value);
                        break;
                    case "avro.codec":
                        _isDeflated = IsDeflate(Encoding.UTF8.GetString(value.Span));
                        break;
                }

                Position = _file.Position;
            }
        }

        Schema = schema ?? throw new CaptureFormatException("its header has no Avro schema");
        if (_file.Length - _file.Position < SyncMarkerBytes)
        {
            throw new CaptureFormatException("it ends within its header");
        }

        await _file.ReadExactlyAsync(_syncMarker, cancellationToken);
    }

    private static bool IsDeflate(string codec) => codec switch
    {
        "deflate" => true,
        "null" => false,
        _ => throw new CaptureFormatException($"it is compressed with '{codec}'; only deflate and uncompressed files can be read"),
    };

    private Task<ReadOnlyMemory<byte>> ReadHeaderValueAsync(CancellationToken cancellationToken)
    {
        var length = ReadLong();
        return length >= 0 && length <= Math.Min(MaxHeaderValueBytes, _file.Length - _file.Position)
            ? ReadAsync(length, cancellationToken)
            : throw new CaptureFormatException("it ends within its header, or its header is damaged");
    }

    /// <summary>
    /// Reads bytes. The caller has refused lengths beyond the end of the file, so a damaged length cannot cause a large allocation.
    /// </summary>
    private async Task<ReadOnlyMemory<byte>> ReadAsync(long length, CancellationToken cancellationToken)
    {
        if (_block.Length < length)
        {
            _block = new byte[length];
        }

        var bytes = _block.AsMemory(0, (int)length);
        await _file.ReadExactlyAsync(bytes, cancellationToken);
        return bytes;
    }

    private ReadOnlyMemory<byte> Inflate(ReadOnlyMemory<byte> bytes)
    {
        var length = 0;
        try
        {
            using var stream = new DeflateStream(new MemoryStream(_block, 0, bytes.Length, writable: false), CompressionMode.Decompress);
            while (true)
            {
                if (length == _inflated.Length)
                {
                    Array.Resize(ref _inflated, Math.Min(MaxBlockBytes + 1, Math.Max(FileBufferBytes, 2 * length)));
                }

                var read = stream.Read(_inflated, length, _inflated.Length - length);
                length += read;
                if (length > MaxBlockBytes)
                {
                    throw TooLarge();
                }

                if (read == 0)
                {
                    return _inflated.AsMemory(0, length);
                }
            }
        }
        catch (InvalidDataException)
        {
            throw new CaptureFormatException("a block cannot be decompressed");
        }
    }

    private static CaptureFormatException TooLarge() =>
        new(string.Create(CultureInfo.InvariantCulture, $"a block is larger than {MaxBlockBytes >> 20} MiB"));

    private long ReadLong()
    {
        var value = 0UL;
        for (var index = 0; index < MaxVarintBytes; index++)
        {
            var next = _file.ReadByte();
            if (next < 0)
            {
                throw new CaptureFormatException("the file ends too early");
            }

            value |= (ulong)(next & 0x7F) << (7 * index);
            if (next < 0x80)
            {
                return (long)(value >> 1) ^ -(long)(value & 1);
            }
        }

        throw new CaptureFormatException("a number in it is too long");
    }
}
