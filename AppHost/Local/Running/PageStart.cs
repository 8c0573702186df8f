using CloudTicks.AppHost.Local.Lines;

namespace CloudTicks.AppHost.Local.Running;

/// <summary>Starts the page beside a feed that runs already: what goes wrong with it is said, and ends no run.</summary>
internal sealed class PageStart(ProjectResource page, LocalEnvironment environment)
{
    /// <summary>Completes when the page is healthy; one that ends before, or does not become healthy, is started again.</summary>
    public async Task RunAsync(CancellationToken cancellationToken)
    {
        for (var failures = 1; ; failures++)
        {
            try
            {
                await page.StartAsync(environment, cancellationToken);
                return;
            }
            catch (Exception exception) when (exception is not OperationCanceledException)
            {
                var pause = Supervisor.Pauses.After(failures);
                environment.Parts.SetState(page.Name, PartState.Restarting);
                environment.Lines.Write(
                    page.Name, LineLevel.Error, $"{exception.Message}; starting it again in {pause.TotalSeconds:0.0} s");
                await Task.Delay(pause, environment.Time, cancellationToken);
            }
        }
    }
}
