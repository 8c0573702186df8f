using CloudTicks.EventHub.Wal;

namespace CloudTicks.EventHub.Producers;

/// <summary>Gives out producer ids. Ids are reserved through the log by the thousand, so none is given out twice, whatever dies.</summary>
internal sealed class ProducerIds(WriteAheadLog log) : IDisposable
{
    private const int BlockIds = 1000;
    private readonly SemaphoreSlim _turn = new(1, 1);
    private long _next;
    private long _reserved;

    /// <summary>Apply thread, and at start: ids below this are spent or reserved.</summary>
    public long DurableEnd { get; private set; }

    public void Dispose() => _turn.Dispose();

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
}
