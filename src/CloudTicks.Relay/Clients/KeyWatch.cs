using CloudTicks.CentralHub.Access;

namespace CloudTicks.Relay.Clients;

/// <summary>
/// Ends the sessions of revoked keys. The hub is queried about every ten seconds for each key in use. While the hub does not answer, no
/// session is ended.
/// </summary>
internal sealed class KeyWatch(ClientSessions sessions, TimeProvider time, HubKeys? hub = null) : BackgroundService
{
    /// <summary>The interval between two checks: half the time for which <see cref="HubKeys"/> caches a response.</summary>
    private static readonly TimeSpan CheckInterval = TimeSpan.FromSeconds(5);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (hub is null)
            return;
        try
        {
            using var timer = new PeriodicTimer(CheckInterval, time);
            while (await timer.WaitForNextTickAsync(stoppingToken))
                await CheckAsync(hub, stoppingToken);
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The relay is stopping.
        }
    }

    private async Task CheckAsync(HubKeys hub, CancellationToken cancellationToken)
    {
        foreach (var group in sessions.All.Where(session => session.Key is not null).GroupBy(session => session.Key!))
        {
            if ((await hub.FindAsync(group.Key, cancellationToken)).Status != KeyStatus.Invalid)
                continue;
            foreach (var session in group)
                session.Revoke();
        }
    }
}
