using System.Buffers;
using System.Numerics;

namespace CloudTicks.EventHub.Shares;

/// <summary>
/// Arrays for requests and answers. Large ones are kept weakly when they are returned: a collection of garbage takes those that are idle,
/// so that memory which was needed once does not stay with the process. ArrayPool.Shared would keep them.
/// </summary>
internal static class Buffers
{
    /// <summary>Up to this size arrays come from <see cref="ArrayPool{T}.Shared"/>.</summary>
    public const int MaxSmallBytes = 64 * 1024;

    private const int LargestLog2 = 30;
    private const int IdleBytesOfASize = 64 * 1024 * 1024;
    private static readonly Lock Gate = new();
    private static readonly List<WeakReference<byte[]?>>[] Idle =
        [.. Enumerable.Range(0, LargestLog2 + 1).Select(_ => new List<WeakReference<byte[]?>>())];

    /// <summary>The length of the array that is rented for so many bytes, where it is a large one.</summary>
    public static int SizeFor(int bytes) => bytes > 1 << LargestLog2 ? bytes : (int)BitOperations.RoundUpToPowerOf2((uint)bytes);

    /// <summary>An array of this length at least, not cleared; <see cref="Return"/> gives it back.</summary>
    public static byte[] Rent(int bytes)
    {
        if (bytes <= MaxSmallBytes)
        {
            return ArrayPool<byte>.Shared.Rent(bytes);
        }

        if (bytes <= 1 << LargestLog2)
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
        else if (array.Length <= 1 << LargestLog2)
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

            if (slots.Count == 0 || slots.Count < IdleBytesOfASize / array.Length)
            {
                slots.Add(new WeakReference<byte[]?>(array));
            }
        }
    }
}
