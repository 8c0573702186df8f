using CloudTicks.Lake.Manifests;

namespace CloudTicks.Lake.Objects;

/// <summary>
/// A running import into a lake in an object store. The import renews its lease while it runs, because reading a file may take longer than
/// a lease is valid. After kill -9 the lease expires.
/// </summary>
internal sealed class ObjectImport : IAsyncDisposable
{
    private static readonly TimeSpan RenewInterval = TimeSpan.FromSeconds(30);

    private readonly ObjectLease _lease;
    private readonly string _location;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _renewing;

    /// <param name="lease">The lease, already acquired.</param>
    /// <param name="location">The location of the lake, for messages.</param>
    public ObjectImport(ObjectLease lease, string location, TimeProvider time)
    {
        (_lease, _location) = (lease, location);
        _renewing = RenewAsync(time);
    }

    /// <summary>Checks the lease. Called before each write and deletion.</summary>
    /// <exception cref="LakeException">The lease has expired.</exception>
    public void EnsureHeld()
    {
        if (!_lease.IsHeld)
        {
            throw new LakeException(
                $"The import lost its lease on {_location}, because it could not renew the lease in time: import the same files again.");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _renewing;
        try
        {
            await _lease.ReleaseAsync(CancellationToken.None);
        }
        catch (IOException)
        {
            // The lease expires by itself.
        }

        _lease.Dispose();
        _stop.Dispose();
    }

    private async Task RenewAsync(TimeProvider time)
    {
        using var timer = new PeriodicTimer(RenewInterval, time);
        try
        {
            while (await timer.WaitForNextTickAsync(_stop.Token))
            {
                try
                {
                    await _lease.EnsureAsync(_stop.Token);
                }
                catch (IOException)
                {
                    // A later attempt may succeed before the lease expires; otherwise EnsureHeld reports the loss.
                }
            }
        }
        catch (LakeConflictException)
        {
            // EnsureHeld reports the loss.
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
        }
    }
}
