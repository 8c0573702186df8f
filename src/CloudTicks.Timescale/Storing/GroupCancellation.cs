namespace CloudTicks.Timescale.Storing;

/// <summary>Cancels a transaction only when all its callers want to stop, or the store does.</summary>
internal sealed class GroupCancellation : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly List<CancellationTokenRegistration> _registrations;
    private int _waiting;

    public GroupCancellation(List<PendingWrite> group, CancellationToken stopping)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _waiting = group.Count;
        _registrations = group.ConvertAll(write => write.Cancellation.Register(Leave));
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        // Waits for a callback that runs right now, which still uses the source.
        _registrations.ForEach(registration => registration.Dispose());
        _source.Dispose();
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _waiting) == 0)
        {
            _source.Cancel();
        }
    }
}
