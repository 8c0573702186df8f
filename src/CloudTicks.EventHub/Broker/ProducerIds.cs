using System.Buffers.Binary;
using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// Assigns producer ids. Blocks of ids are reserved through the log, so an id is never assigned twice, even after a crash. Each cluster
/// starts at a different id, because running clients keep their ids when the data folder is lost: if a new client got the same id as a
/// running client, its records would be dropped as duplicates.
/// </summary>
internal sealed class ProducerIds(WriteAheadLog log, Guid clusterId) : IDisposable
{
    private const int IdsPerBlock = 1000;

    // Some clients keep ids as floating point numbers, which are exact up to 53 bits.
    private const int FirstIdBits = 52;

    // Upper bound for the ids that are assigned between two checkpoints.
    private const long MaxIdsBetweenCheckpoints = 1L << 32;

    private readonly SemaphoreSlim _gate = new(1, 1);
    private long _next;
    private long _reserved;

    /// <summary>Apply thread, and at startup: ids below this are assigned or reserved.</summary>
    public long DurableEnd { get; private set; } = FirstIdOf(clusterId);

    public void Dispose() => _gate.Dispose();

    /// <summary>At startup, when reservations may be lost: skips far ahead, so that no id is assigned twice.</summary>
    public void SkipAhead() => DurableEnd += MaxIdsBetweenCheckpoints;

    public void MarkReserved(long end) => DurableEnd = Math.Max(DurableEnd, end);

    public async ValueTask<long> TakeAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken);
        try
        {
            if (_next == _reserved)
            {
                var start = DurableEnd;
                var reservation = new ProducerIdReservation(this, start + IdsPerBlock);
                log.Enqueue(reservation);
                await reservation.Completion;
                (_next, _reserved) = (start, start + IdsPerBlock);
            }

            return _next++;
        }
        finally
        {
            _gate.Release();
        }
    }

    private static long FirstIdOf(Guid clusterId)
    {
        Span<byte> bytes = stackalloc byte[16];
        clusterId.TryWriteBytes(bytes);
        var mixed = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        return (long)(mixed >> (64 - FirstIdBits));
    }
}
