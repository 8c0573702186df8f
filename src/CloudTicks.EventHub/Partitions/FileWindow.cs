using CloudTicks.EventHub.Wire;
using CloudTicks.Foundations.Disks;

namespace CloudTicks.EventHub.Partitions;

/// <summary>Reads a file front to back through one buffer, so that small batches do not cost a read each.</summary>
internal sealed class FileWindow(DiskFile file) : IDisposable
{
    private const int WindowBytes = 1 << 20;
    private byte[] _buffer = [];
    private long _from;
    private int _count;

    public long Length { get; } = file.Length;

    /// <summary>Bytes at a position: so many, or fewer at the end of the file.</summary>
    public ReadOnlyMemory<byte> At(long position, int bytes)
    {
        bytes = (int)Math.Clamp(Length - position, 0, bytes);
        if (bytes == 0)
        {
            return default;
        }

        if (position < _from || position + bytes > _from + _count)
        {
            if (_buffer.Length < bytes || _buffer.Length == 0)
            {
                _buffer = new byte[Math.Max(bytes, WindowBytes)];
            }

            _from = position;
            _count = file.Read(position, _buffer);
            bytes = Math.Min(bytes, _count);
        }

        return _buffer.AsMemory((int)(position - _from), bytes);
    }

    /// <summary>The batch that begins at a position, when it is whole.</summary>
    public bool TryBatchAt(long position, out RecordBatch batch)
    {
        batch = default;
        var header = At(position, RecordBatch.HeaderBytes).Span;
        return RecordBatch.MayBegin(header) && RecordBatch.TryRead(header, out batch)
            && batch.TotalBytes >= RecordBatch.HeaderBytes && position + batch.TotalBytes <= Length
            && batch.TotalBytes <= int.MaxValue && RecordBatch.IsIntact(At(position, (int)batch.TotalBytes).Span);
    }

    public void Dispose() => file.Dispose();
}
