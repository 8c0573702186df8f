using System.Text.Json.Nodes;
using CloudTicks.AppHost.Local.CommandLine;
using CloudTicks.AppHost.Local.Running;

namespace Aspire.Hosting.ApplicationModel;

internal abstract class LocalResource(string name) : IResource, IAsyncDisposable
{
    private readonly List<Supervisor> _supervisors = [];

    public string Name { get; } = name;

    public List<IResource> Awaited { get; } = [];

    /// <summary>Whether it is a service of ours, which is started when all below is there.</summary>
    public virtual bool IsService => false;

    /// <summary>The processes that it will have, by their names in the lines.</summary>
    public virtual IEnumerable<string> ProcessNames(RunOptions options) => [];

    /// <summary>Its description in the manifest, as Aspire would write it (docs/aspire.md).</summary>
    public abstract JsonObject ManifestEntry();

    /// <summary>Starts it and waits until it is healthy.</summary>
    /// <exception cref="LocalRunException">It cannot start; the sentence says why.</exception>
    public abstract Task StartAsync(LocalEnvironment environment, CancellationToken cancellationToken);

    /// <summary>Lets its processes drain and stops them; a second call does nothing.</summary>
    public virtual async ValueTask DisposeAsync() =>
        await Task.WhenAll(_supervisors.Select(supervisor => supervisor.DisposeAsync().AsTask()));

    /// <summary>Ends its processes at once, for the case that they do not drain in time.</summary>
    public void Kill()
    {
        foreach (var supervisor in _supervisors)
        {
            supervisor.Kill();
        }
    }

    /// <summary>Starts a process of this resource and keeps it running.</summary>
    /// <param name="health">Answers 200 when it is healthy; null when it is as soon as it has started.</param>
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
            // It may be started anew, on other ports.
            await supervisor.DisposeAsync();
            _supervisors.Remove(supervisor);
            throw;
        }
    }
}
