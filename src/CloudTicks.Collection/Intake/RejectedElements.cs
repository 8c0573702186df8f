using System.Buffers.Binary;
using System.Security.Cryptography;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Collection.Intake;

/// <summary>
/// Sends rejected elements to the dead letters. When too many are in flight, the decoding loop waits. Not thread-safe: one loop uses it.
/// </summary>
internal sealed class RejectedElements(Func<ReadOnlyMemory<byte>, string, Task> write)
{
    private const int MaxInFlight = 256;

    /// <summary>Maximum bytes of an element; longer elements are truncated. No valid event is nearly this long.</summary>
    private const int MaxRawBytes = 64 << 10;

    /// <summary>Maximum number of distinct elements to remember. Once it is reached, every element counts as new.</summary>
    private const int MaxKnownFingerprints = 1_000_000;

    private readonly Queue<(byte[] Raw, TickRejection Reason)> _waitingElements = new();
    private readonly Queue<Task> _inFlight = new();
    private readonly HashSet<ulong> _knownFingerprints = [];

    public bool IsFull => _waitingElements.Count >= MaxInFlight;

    /// <summary>Queues a rejected element.</summary>
    /// <returns>False when the element is known to have been rejected before.</returns>
    public bool Add(ReadOnlySpan<byte> raw, TickRejection reason, ulong? identity)
    {
        _waitingElements.Enqueue((raw[..Math.Min(raw.Length, MaxRawBytes)].ToArray(), reason));
        return _knownFingerprints.Count >= MaxKnownFingerprints || _knownFingerprints.Add(identity ?? Fingerprint(raw));
    }

    /// <summary>Sends the queued elements; waits only while too many are in flight.</summary>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        while (_waitingElements.TryDequeue(out var letter))
        {
            while (_inFlight.TryPeek(out var oldest) && (oldest.IsCompleted || _inFlight.Count >= MaxInFlight))
            {
                await oldest.WaitAsync(cancellationToken);
                _ = _inFlight.Dequeue();
            }

            _inFlight.Enqueue(write(letter.Raw, letter.Reason.Name()));
        }
    }

    /// <summary>Sends all elements and waits until they are written.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await SendAsync(cancellationToken);
        await Task.WhenAll(_inFlight).WaitAsync(cancellationToken);
        _inFlight.Clear();
    }

    private static ulong Fingerprint(ReadOnlySpan<byte> raw)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(raw, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
