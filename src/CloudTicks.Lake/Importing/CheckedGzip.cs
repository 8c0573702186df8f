using System.IO.Compression;

namespace CloudTicks.Lake.Importing;

/// <summary>
/// Decompresses a gzip file and detects truncation, which GZipStream does not detect. A known gzip member is appended to the file: if its
/// content is not at the end of the decompressed data, the file is truncated.
/// </summary>
internal sealed class CheckedGzip : ContentStream
{
    private const int BufferBytes = 64 << 10;

    private static readonly byte[] End = "\0CloudTicks: end\0"u8.ToArray();
    private static readonly byte[] EndMember = Compress(End);

    private readonly GZipStream _content;
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _length;
    private bool _atEnd;

    public CheckedGzip(Stream file) => _content = new GZipStream(new FileWithTrailer(file), CompressionMode.Decompress);

    /// <exception cref="InvalidDataException">The file is damaged or truncated.</exception>
    public override int Read(Span<byte> buffer)
    {
        while (!_atEnd && _length <= End.Length)
        {
            _buffer.AsSpan(_start, _length).CopyTo(_buffer);
            _start = 0;
            var read = _content.Read(_buffer.AsSpan(_length));
            _length += read;
            _atEnd = read == 0;
        }

        if (_atEnd && !_buffer.AsSpan(_start, _length).EndsWith(End))
        {
            throw new InvalidDataException("its compressed content is truncated");
        }

        var count = Math.Min(buffer.Length, _length - End.Length);
        _buffer.AsSpan(_start, count).CopyTo(buffer);
        _start += count;
        _length -= count;
        return count;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _content.Dispose();
        }

        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] content)
    {
        using var bytes = new MemoryStream();
        using (var gzip = new GZipStream(bytes, CompressionLevel.Fastest))
        {
            gzip.Write(content);
        }

        return bytes.ToArray();
    }

    /// <summary>Reads the file, followed by the known gzip member.</summary>
    private sealed class FileWithTrailer(Stream file) : ContentStream
    {
        private int _appended;

        public override int Read(Span<byte> buffer)
        {
            if (file.Read(buffer) is > 0 and var read)
            {
                return read;
            }

            var count = Math.Min(buffer.Length, EndMember.Length - _appended);
            EndMember.AsSpan(_appended, count).CopyTo(buffer);
            _appended += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
            {
                file.Dispose();
            }

            base.Dispose(disposing);
        }
    }
}
