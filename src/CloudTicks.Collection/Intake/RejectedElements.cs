using System.Buffers.Binary;
using System.Security.Cryptography;
using CloudTicks.Ticks.Checks;

namespace CloudTicks.Collection.Intake;

/// <summary>
/// Sends what was refused, as it came, to the dead letters. A bounded number of letters is under way; beyond it the decoding loop waits.
/// One loop uses it; it is not thread-safe.
/// </summary>
internal sealed class RejectedElements(Func<ReadOnlyMemory<byte>, string, Task> write)
{
    private const int MaxUnderWay = 256;

    /// <summary>No event is nearly as long; of larger rubbish the beginning is kept.</summary>
    private const int MaxRawBytes = 64 << 10;

    /// <summary>Most rejected ticks that are told apart; those beyond it all count as different.</summary>
    private const int MaxKnown = 1_000_000;

    private readonly Queue<(byte[] Raw, TickRejection Reason)> _waiting = new();
    private readonly Queue<Task> _underWay = new();
    private readonly HashSet<ulong> _known = [];

    public bool IsFull => _waiting.Count >= MaxUnderWay;

    /// <summary>Adds a letter.</summary>
    /// <returns>True when no such one was refused before.</returns>
    public bool Add(ReadOnlySpan<byte> raw, TickRejection reason, ulong? identity)
    {
        _waiting.Enqueue((raw[..Math.Min(raw.Length, MaxRawBytes)].ToArray(), reason));
        return _known.Count >= MaxKnown || _known.Add(identity ?? Fingerprint(raw));
    }

    /// <summary>Sends the waiting letters; waits only while too many are under way.</summary>
    public async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        while (_waiting.TryDequeue(out var letter))
        {
            while (_underWay.TryPeek(out var oldest) && (oldest.IsCompleted || _underWay.Count >= MaxUnderWay))
            {
                await oldest.WaitAsync(cancellationToken);
                _ = _underWay.Dequeue();
            }

            _underWay.Enqueue(write(letter.Raw, letter.Reason.Name()));
        }
    }

    /// <summary>Sends all and waits until the event hub has them.</summary>
    public async Task DrainAsync(CancellationToken cancellationToken)
    {
        await SendAsync(cancellationToken);
        await Task.WhenAll(_underWay).WaitAsync(cancellationToken);
        _underWay.Clear();
    }

    private static ulong Fingerprint(ReadOnlySpan<byte> raw)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(raw, hash);
        return BinaryPrimitives.ReadUInt64LittleEndian(hash);
    }
}
