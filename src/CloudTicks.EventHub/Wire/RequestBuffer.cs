using System.Buffers;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Wire;

/// <summary>One request's pooled bytes, written to disk from here; the array returns when the last holder lets go.</summary>
internal sealed class RequestBuffer(int length, ByteBudget budget)
{
    private readonly byte[] _bytes = ArrayPool<byte>.Shared.Rent(length);
    private int _holders = 1;

    public Memory<byte> Bytes => _bytes.AsMemory(0, length);

    public void Retain() => Interlocked.Increment(ref _holders);

    public void Release()
    {
        if (Interlocked.Decrement(ref _holders) == 0)
        {
            ArrayPool<byte>.Shared.Return(_bytes);
            budget.Release(length);
        }
    }
}
