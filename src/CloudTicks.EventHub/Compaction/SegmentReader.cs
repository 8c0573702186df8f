using System.Buffers;
using CloudTicks.EventHub.Partitions;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Compaction;

/// <summary>Reads the batches of a sealed segment in order; verifies the checksum and the offset of each.</summary>
internal sealed class SegmentReader : IDisposable
{
    private const int ReadBytes = 1 << 20;
    private byte[] _buffer = ArrayPool<byte>.Shared.Rent(ReadBytes);

    /// <summary>Reads the batches of a segment. The bytes of a batch are valid until the next batch is read.</summary>
    /// <exception cref="DamagedSegmentException">A batch is damaged, or offsets are missing.</exception>
    /// <exception cref="SegmentDeletedException">The segment was deleted.</exception>
    public IEnumerable<(RecordBatch Batch, ReadOnlyMemory<byte> Bytes)> Read(Segment segment)
    {
        var offset = segment.BaseOffset;
        var (from, count) = (0L, 0);
        for (var position = 0L; position < segment.Bytes;)
        {
            var at = (int)(position - from);
            if (!IsComplete(at, count, out var batch))
            {
                if (at == 0 && count > 0 && batch.TotalBytes > _buffer.Length && batch.TotalBytes <= segment.Bytes - position)
                {
                    ArrayPool<byte>.Shared.Return(_buffer);
                    _buffer = ArrayPool<byte>.Shared.Rent((int)batch.TotalBytes);
                }
                else if (at == 0 && count > 0)
                {
                    throw new DamagedSegmentException(segment, offset);
                }

                from = position;
                count = segment.Read(position, _buffer.AsSpan(0, (int)Math.Min(_buffer.Length, segment.Bytes - position)));
                if (count == 0)
                {
                    throw new DamagedSegmentException(segment, offset);
                }

                continue;
            }

            var bytes = _buffer.AsMemory(at, (int)batch.TotalBytes);
            if (!BatchLocator.IsPlausible(batch, new BatchPosition(offset, 0, position), segment.Bytes)
                || !RecordBatch.IsIntact(bytes.Span))
            {
                throw new DamagedSegmentException(segment, offset);
            }

            yield return (batch, bytes);
            position += batch.TotalBytes;
            offset = batch.NextOffset;
        }

        if (offset != segment.NextOffset)
        {
            throw new DamagedSegmentException(segment, offset);
        }
    }

    public void Dispose() => ArrayPool<byte>.Shared.Return(_buffer);

    /// <summary>True when the buffer contains a complete batch at this index, according to the batch's length.</summary>
    private bool IsComplete(int at, int count, out RecordBatch batch) =>
        RecordBatch.TryRead(_buffer.AsSpan(at, count - at), out batch) && batch.TotalBytes >= RecordBatch.HeaderBytes
        && batch.TotalBytes <= count - at;
}
