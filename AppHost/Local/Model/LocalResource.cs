using System.Text.Json.Nodes;
using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Running;

namespace Aspire.Hosting.ApplicationModel;

internal abstract class LocalResource(string name) : IResource, IAsyncDisposable
{
    private readonly List<Supervisor> _supervisors = [];

    public string Name { get; } = name;

    public List<IResource> Awaited { get; } = [];

    /// <summary>Whether the resource is one of our services, which start after the servers that they use.</summary>
    public virtual bool IsService => false;

    /// <summary>The names of the resource's processes in log lines.</summary>
    public virtual IEnumerable<string> ProcessNames(RunOptions options) => [];

    /// <summary>The resource's entry in the manifest, in the form that Aspire writes (docs/aspire.md).</summary>
    public abstract JsonObject ManifestEntry();

    /// <summary>Starts the resource and waits until it is healthy.</summary>
    /// <exception cref="LocalRunException">The resource cannot start; the message states the reason.</exception>
    /// <exception cref="InvalidOperationException">PostgreSQL or NATS cannot start; the message states the reason.</exception>
    public abstract Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken);

    /// <summary>Drains and stops the resource's processes; a second call does nothing.</summary>
    public virtual async ValueTask DisposeAsync() =>
        await Task.WhenAll(_supervisors.Select(supervisor => supervisor.DisposeAsync().AsTask()));

    /// <summary>Kills the processes that have not drained in time.</summary>
    public void Kill()
    {
        foreach (var supervisor in _supervisors)
        {
            supervisor.Kill();
        }
    }

    /// <summary>Starts a process of this resource and keeps it running.</summary>
    /// <param name="health">The URL that returns 200 once healthy; null if the process is healthy as soon as it has started.</param>
    protected async Task SuperviseAsync(
        string process,
        Func<CancellationToken, Task<RunningProcess>> start,
        string endpoint,
        Uri? health,
        LocalEnvironment environment,
        CancellationToken cancellationToken)
    {
        environment.Parts.SetEndpoint(process, endpoint, health);
        var supervisor = new Supervisor(process, start, environment);
        _supervisors.Add(supervisor);
        try
        {
            await supervisor.StartAsync(health, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // The caller may start the process again on other ports, with a new supervisor.
            await supervisor.DisposeAsync();
            _supervisors.Remove(supervisor);
            throw;
        }
    }
}
