using CloudTicks.Functions.Hosting.EventHubs;
using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Functions.Hosting.Timers;

internal sealed class TimerListeners(
    IReadOnlyList<TimerFunction> functions,
    IServiceProvider services,
    TriggerHealth health,
    FunctionsMetrics metrics,
    TimeProvider time,
    ILogger<TimerListeners> logger) : BackgroundService
{
    private IReadOnlyList<TimerListener> _listeners = [];

    /// <exception cref="InvalidOperationException">A schedule cannot be parsed.</exception>
    public override Task StartAsync(CancellationToken cancellationToken)
    {
        _listeners = [.. functions.Select(function => new TimerListener(
            function, TimerSchedule.Of(function), new FunctionCall(function.Name, function.Method, services), health, metrics, time,
            logger))];
        return base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            await Task.WhenAll(_listeners.Select(listener => listener.RunAsync(stoppingToken)));
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host is stopping, which cancelled the running call.
        }
    }
}
