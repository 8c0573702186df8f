using CloudTicks.AppHost.Local.Lines;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Starts a service that only reads, beside a feed that runs already: its failure is logged and ends no run.</summary>
internal sealed class ReaderStart(ProjectResource reader, LocalEnvironment environment)
{
    /// <summary>
    /// Completes when the service is healthy; one that ends before, or does not become healthy, is started again. The start waits
    /// for the addresses of the services that it references, not for their health.
    /// </summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAll(reader.Awaited.OfType<ProjectResource>().Select(service => service.Addressed)).WaitAsync(cancellationToken);
        for (var failures = 1; ; failures++)
        {
            try
            {
                await reader.StartAsync(environment, cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                var pause = Supervisor.Pauses.After(failures);
                environment.Parts.SetState(reader.Name, PartState.Restarting);
                environment.Lines.Write(
                    reader.Name, LineLevel.Error, $"{exception.Message}; starting it again in {pause.TotalSeconds:0.0} s");
                await Task.Delay(pause, environment.Time, cancellationToken);
            }
        }
    }
}
