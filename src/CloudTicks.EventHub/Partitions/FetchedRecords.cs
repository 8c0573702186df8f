using System.Buffers;

namespace CloudTicks.EventHub.Partitions;

/// <summary>Whole record batches in a pooled buffer, as they lie in the segment file.</summary>
internal sealed class FetchedRecords(byte[] buffer, int start, int length) : IDisposable
{
    private byte[]? _buffer = buffer;

    public static FetchedRecords Empty { get; } = new([], 0, 0);

    public int Length => length;

    public ReadOnlyMemory<byte> Bytes => _buffer.AsMemory(start, length);

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _buffer, null) is { Length: > 0 } pooled)
        {
            ArrayPool<byte>.Shared.Return(pooled);
        }
    }
}
