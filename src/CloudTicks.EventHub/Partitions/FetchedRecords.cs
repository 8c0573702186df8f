using CloudTicks.EventHub.Shares;
using CloudTicks.EventHub.Wire;

namespace CloudTicks.EventHub.Partitions;

/// <summary>Whole record batches in a pooled buffer, in the format of the segment file.</summary>
internal sealed class FetchedRecords(byte[] buffer, int start, int length) : IDisposable
{
    private byte[]? _buffer = buffer;

    public static FetchedRecords Empty { get; } = new([], 0, 0);

    public int Length => length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(start, length);

    public long CountRecords()
    {
        var count = 0L;
        for (var rest = Bytes.Span;
             RecordBatch.TryRead(rest, out var batch) && batch.TotalBytes <= rest.Length;
             rest = rest[(int)batch.TotalBytes..])
        {
            count += batch.Count;
        }

        return count;
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { Length: > 0 } pooled)
        {
            Buffers.Return(pooled);
        }
    }
}
