using CloudTicks.AppHost.Local.Lines;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Starts a read-only service alongside a running feed. Its failure is logged and does not end the run.</summary>
internal sealed class ReaderStart(ProjectResource reader, LocalEnvironment environment)
{
    /// <summary>
    /// Completes when the service is healthy; until then, restarts it if it exits or stays unhealthy. The start waits for the addresses of
    /// the referenced services, not for their health.
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
                var pause = Supervisor.RestartDelays.After(failures);
                environment.Parts.SetState(reader.Name, PartState.Restarting);
                environment.Lines.Write(
                    reader.Name, LineLevel.Error, $"{exception.Message}; restarting in {pause.TotalSeconds:0.0} s");
                await Task.Delay(pause, environment.Time, cancellationToken);
            }
        }
    }
}
