using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Wire;

/// <summary>
/// The pooled bytes of one request. The array grows with the bytes that have arrived, so a client that announces a large request without
/// sending it costs little memory. Record batches are written to disk from here, so the array (and its size in the budget) is returned only
/// when the last holder releases it.
/// </summary>
/// <param name="length">The length that the client announced.</param>
/// <param name="grant">The memory grant; null for a request that is not counted.</param>
internal sealed class RequestBuffer(int length, MemoryGrant? grant)
{
    /// <summary>The minimum size of the array, so that a small request gets all of its memory at once.</summary>
    public const int FirstBytes = 4096;

    private byte[] _bytes = [];
    private int _holders = 1;

    public int Length => length;

    public int Received { get; private set; }

    public bool IsComplete => Received == length;

    /// <summary>The request, once it is complete.</summary>
    public Memory<byte> Bytes => _bytes.AsMemory(0, length);

    /// <summary>The space for the next bytes; empty when the buffer must grow first.</summary>
    public Memory<byte> Room => _bytes.AsMemory(Received, Math.Min(_bytes.Length, length) - Received);

    /// <summary>Doubles the buffer, or grows it further if more bytes have arrived.</summary>
    /// <param name="arrived">Bytes that the operating system has buffered for this client.</param>
    /// <param name="cancellationToken">Ends the wait for memory.</param>
    public async Task GrowAsync(int arrived, CancellationToken cancellationToken)
    {
        var size = (int)Math.Min(length, Math.Max(Math.Max(2L * Received, FirstBytes), (long)Received + arrived));
        if (grant is not null && size > MemoryBudget.UncountedBytes)
        {
            await grant.TakeAsync(Buffers.SizeFor(size) - grant.Bytes, cancellationToken);
        }

        var newBuffer = Buffers.Rent(size);
        var oldBuffer = _bytes;
        oldBuffer.AsSpan(0, Received).CopyTo(newBuffer);
        _bytes = newBuffer;
        if (oldBuffer.Length > 0)
        {
            oldBuffer.AsSpan(0, Math.Min(Received, Buffers.MaxSmallBytes)).Clear(); // may contain a password
            Buffers.Return(oldBuffer);
        }
    }

    public void Add(int bytes)
    {
        Received += bytes;
        if (IsComplete)
        {
            grant?.Complete();
        }
    }

    public void Retain() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Buffers.Return(_bytes);
            grant?.Dispose();
        }
    }
}
