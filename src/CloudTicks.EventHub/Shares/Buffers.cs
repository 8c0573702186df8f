using System.Buffers;
using System.Numerics;

namespace CloudTicks.EventHub.Shares;

/// <summary>
/// Arrays for requests and responses. After their return, large arrays are held only by weak references, so that a garbage collection frees
/// idle arrays. With ArrayPool.Shared, the process would keep the memory of a peak.
/// </summary>
internal static class Buffers
{
    /// <summary>Arrays up to this size come from <see cref="ArrayPool{T}.Shared"/>.</summary>
    public const int MaxSmallBytes = 64 * 1024;

    private const int MaxLog2 = 30;
    private const int MaxIdleBytesPerSize = 64 * 1024 * 1024;
    private static readonly Lock Gate = new();
    private static readonly List<WeakReference<byte[]?>>[] Idle =
        [.. Enumerable.Range(0, MaxLog2 + 1).Select(_ => new List<WeakReference<byte[]?>>())];

    /// <summary>The actual length of a large rented array.</summary>
    public static int SizeFor(int bytes) => bytes > 1 << MaxLog2 ? bytes : (int)BitOperations.RoundUpToPowerOf2((uint)bytes);

    /// <summary>Rents an array of at least this length, not cleared. Pass it to <see cref="Return"/> after use.</summary>
    public static byte[] Rent(int bytes)
    {
        if (bytes <= MaxSmallBytes)
        {
            return ArrayPool<byte>.Shared.Rent(bytes);
        }

        if (bytes <= 1 << MaxLog2)
        {
            lock (Gate)
            {
                foreach (var slot in Idle[BitOperations.Log2((uint)SizeFor(bytes))])
                {
                    if (slot.TryGetTarget(out var idle))
                    {
                        slot.SetTarget(null);
                        return idle;
                    }
                }
            }
        }

        return GC.AllocateUninitializedArray<byte>(SizeFor(bytes));
    }

    public static void Return(byte[] array)
    {
        if (array.Length <= MaxSmallBytes)
        {
            ArrayPool<byte>.Shared.Return(array);
        }
        else if (array.Length <= 1 << MaxLog2)
        {
            Keep(array);
        }
    }

    private static void Keep(byte[] array)
    {
        lock (Gate)
        {
            var slots = Idle[BitOperations.Log2((uint)array.Length)];
            foreach (var slot in slots)
            {
                if (!slot.TryGetTarget(out _))
                {
                    slot.SetTarget(array);
                    return;
                }
            }

            if (slots.Count == 0 || slots.Count < MaxIdleBytesPerSize / array.Length)
            {
                slots.Add(new WeakReference<byte[]?>(array));
            }
        }
    }
}
