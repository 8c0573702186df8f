using CloudTicks.Simulator.Faults;
using Microsoft.Extensions.Options;

namespace CloudTicks.Simulator.FaultRequests;

internal sealed class ScriptRunner(
    IOptions<SimulatorOptions> options, FaultDirector director, FaultBoard board, TimeProvider time, ILogger<ScriptRunner> logger)
    : BackgroundService
{
    private IReadOnlyList<ScriptStep> _steps = [];

    public override Task StartAsync(CancellationToken cancellationToken)
    {
        if (options.Value.Script is { Length: > 0 } path)
        {
            _steps = FaultScript.Read(path);
            Log.ScriptStarted(logger, path, _steps.Count, _steps.Count == 0 ? TimeSpan.Zero : _steps[^1].At);
        }

        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var startedAt = time.GetTimestamp();
        foreach (var step in _steps)
        {
            if (step.At - time.GetElapsedTime(startedAt) is { Ticks: > 0 } pause)
                await Task.Delay(pause, time, stoppingToken);
            try
            {
                if (step.Fault is null)
                    board.Clear();
                else
                    await director.RequestFaultAsync(step.Fault, stoppingToken);
            }
            catch (FaultRequestException exception)
            {
                Log.ScriptedFaultRefused(logger, step.At, exception.Message);
            }
        }
    }
}
