using System.Buffers.Binary;
using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Broker;

/// <summary>
/// Gives out producer ids. Ids are reserved through the log by the thousand, so none is given out twice, whatever dies. Each cluster begins
/// somewhere else: a client that goes on after its data folder was lost writes under an id of the old one, and what a new client of the
/// same id sent then would be taken for its repeats.
/// </summary>
internal sealed class ProducerIds(WriteAheadLog log, Guid clusterId) : IDisposable
{
    private const int BlockIds = 1000;

    // Some clients keep ids as floating point numbers, which are exact up to 53 bits.
    private const int FirstIdBits = 52;

    // No log that is lost between two checkpoints held more.
    private const long LostIds = 1L << 32;

    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _next;
    private long _reserved;

    /// <summary>Apply thread, and at start: ids below this are spent or reserved.</summary>
    public long DurableEnd { get; private set; } = FirstOf(clusterId);

    public void Dispose() => _turn.Dispose();

    /// <summary>At start, when reservations may be lost: skips far ahead, so that no id is given out twice.</summary>
    public void SkipAhead() => DurableEnd += LostIds;

    public void Reserved(long end) => DurableEnd = Math.Max(DurableEnd, end);

    public async ValueTask<long> TakeAsync(CancellationToken cancellationToken)
    {
        await _turn.WaitAsync(cancellationToken);
        try
        {
            if (_next == _reserved)
            {
                var start = DurableEnd;
                var reservation = new ProducerIdReservation(this, start + BlockIds);
                log.Enqueue(reservation);
                await reservation.Answer;
                (_next, _reserved) = (start, start + BlockIds);
            }

            return _next++;
        }
        finally
        {
            _turn.Release();
        }
    }

    private static long FirstOf(Guid clusterId)
    {
        Span<byte> bytes = stackalloc byte[16];
        clusterId.TryWriteBytes(bytes);
        var mixed = BinaryPrimitives.ReadUInt64LittleEndian(bytes) ^ BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        return (long)(mixed >> (64 - FirstIdBits));
    }
}
