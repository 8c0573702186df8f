using System.Buffers;
using CloudTicks.Foundations;

namespace CloudTicks.EventHub.Wire;

/// <summary>
/// The pooled bytes of one request. Record batches are written to disk straight from here, so the array goes back to the
/// pool (and its size to the budget) only when the last holder has let go.
/// </summary>
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
