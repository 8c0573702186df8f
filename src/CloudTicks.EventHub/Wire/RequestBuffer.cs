using CloudTicks.EventHub.Shares;

namespace CloudTicks.EventHub.Wire;

/// <summary>
/// The pooled bytes of one request. The array grows with the bytes that have arrived: what a client only claims costs nothing. Record
/// batches are written to disk straight from here, so the array goes back (and its size to the budget) only when the last holder has let
/// go.
/// </summary>
/// <param name="length">What the client claims.</param>
/// <param name="held">What it holds of the budget; null for a request that is not counted.</param>
internal sealed class RequestBuffer(int length, HeldMemory? held)
{
    /// <summary>A small request gets all of its memory at once.</summary>
    public const int FirstBytes = 4096;

    private byte[] _bytes = [];
    private int _holders = 1;

    public int Length => length;

    public int Received { get; private set; }

    public bool IsComplete => Received == length;

    /// <summary>The request, once it is complete.</summary>
    public Memory<byte> Bytes => _bytes.AsMemory(0, length);

    /// <summary>Where the next bytes go; empty when it must grow first.</summary>
    public Memory<byte> Room => _bytes.AsMemory(Received, Math.Min(_bytes.Length, length) - Received);

    /// <summary>Makes room for the bytes that have arrived, or as many as were received before.</summary>
    /// <param name="arrived">Bytes that the system has of this client.</param>
    /// <param name="cancellationToken">Ends the wait for memory.</param>
    public async Task GrowAsync(int arrived, CancellationToken cancellationToken)
    {
        var wanted = (int)Math.Min(length, Math.Max(Math.Max(2L * Received, FirstBytes), (long)Received + arrived));
        if (held is not null && wanted > MemoryBudget.UncountedBytes)
        {
            await held.TakeAsync(Buffers.SizeFor(wanted) - held.Bytes, cancellationToken);
        }

        var larger = Buffers.Rent(wanted);
        var smaller = _bytes;
        smaller.AsSpan(0, Received).CopyTo(larger);
        _bytes = larger;
        if (smaller.Length > 0)
        {
            smaller.AsSpan(0, Math.Min(Received, Buffers.MaxSmallBytes)).Clear(); // it may be a password
            Buffers.Return(smaller);
        }
    }

    public void Add(int bytes)
    {
        Received += bytes;
        if (IsComplete)
        {
            held?.Settle();
        }
    }

    public void Retain() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            Buffers.Return(_bytes);
            held?.Dispose();
        }
    }
}
