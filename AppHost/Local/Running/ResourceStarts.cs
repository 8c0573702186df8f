namespace CloudTicks.AppHost.Local.Running;

/// <summary>Starts the resources of a composition, each once its dependencies are healthy.</summary>
internal sealed class ResourceStarts(DistributedApplicationBuilder builder, LocalEnvironment environment)
{
    /// <summary>Starts the resources that match the predicate, and completes when all are healthy.</summary>
    /// <param name="collecting">A task that collectors also wait for.</param>
    public async Task RunAsync(Predicate<LocalResource> shouldStart, CancellationToken cancellationToken, Task? collecting = null)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var starts = new Dictionary<IResource, Lazy<Task>>();
        foreach (var resource in builder.Resources.Where(resource => shouldStart(resource)))
        {
            starts[resource] = new Lazy<Task>(() => StartWhenReadyAsync(resource));
        }

        // One failure cancels the other starts; Task.WhenAll then throws the failure, not the cancellations.
        await Task.WhenAll(starts.Values.Select(start => start.Value));

        async Task StartWhenReadyAsync(LocalResource resource)
        {
            try
            {
                await Task.WhenAll(resource.Awaited.Where(starts.ContainsKey).Select(awaited => starts[awaited].Value));
                if (resource is ProjectResource collector && builder.Collectors.Contains(collector))
                {
                    await (collecting ?? Task.CompletedTask).WaitAsync(failed.Token);
                    await new CollectorStart(collector, environment).RunAsync(failed.Token);
                }
                else
                {
                    await resource.StartAsync(environment, failed.Token);
                }
            }
            catch
            {
                await failed.CancelAsync();
                throw;
            }
        }
    }
}
