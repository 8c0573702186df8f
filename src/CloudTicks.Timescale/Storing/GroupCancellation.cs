namespace CloudTicks.Timescale.Storing;

/// <summary>Cancels a shared transaction when all its callers cancel, or the store stops.</summary>
internal sealed class GroupCancellation : IDisposable
{
    private readonly CancellationTokenSource _source;
    private readonly List<CancellationTokenRegistration> _registrations;
    private int _remaining;

    public GroupCancellation(List<PendingWrite> group, CancellationToken stopping)
    {
        _source = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _remaining = group.Count;
        _registrations = group.ConvertAll(write => write.Cancellation.Register(Leave));
    }

    public CancellationToken Token => _source.Token;

    public void Dispose()
    {
        // Disposing a registration waits for its running callback, which uses the token source.
        _registrations.ForEach(registration => registration.Dispose());
        _source.Dispose();
    }

    private void Leave()
    {
        if (Interlocked.Decrement(ref _remaining) == 0)
        {
            _source.Cancel();
        }
    }
}
