using CloudTicks.AppHost.Local.Lines;
using CloudTicks.AppHost.Local.Running;
using CloudTicks.AppHost.Local.Screen;
using CloudTicks.Verification.Places;

namespace CloudTicks.AppHost.Local;

/// <summary>Stops every part of a run, in an order that loses no ticks.</summary>
internal sealed class SystemStop(
    DistributedApplicationBuilder builder, LocalEnvironment environment, RunState state, LiveScreen? screen)
{
    /// <summary>Drains every part, and kills the parts that have not drained within the time limit.</summary>
    public async Task RunAsync(TimeSpan timeout)
    {
        environment.Parts.Phase = RunPhase.Stopping;
        state.Set(AppHostState.Stopping);
        SystemNote.Remove(environment);
        var stop = StopInOrderAsync();
        try
        {
            await stop.WaitAsync(timeout, environment.Time);
        }
        catch (TimeoutException)
        {
            environment.Lines.Write(
                "run", LineLevel.Warning,
                $"not everything has drained within {timeout.TotalSeconds:0} s; the rest is killed, and recovers at the next start");
            foreach (var resource in builder.Resources)
            {
                resource.Kill();
            }

            await stop;
        }
    }

    /// <summary>Stops each part after the parts that depend on it, so that it receives the data that they flush.</summary>
    private async Task StopInOrderAsync()
    {
        await (screen?.StopMeasuringAsync() ?? ValueTask.CompletedTask);
        var running = builder.Resources.ToList();
        while (running.FindLast(resource => !running.Exists(other => other.Awaited.Contains(resource))) is { } next)
        {
            await next.DisposeAsync();
            running.Remove(next);
        }
    }
}
