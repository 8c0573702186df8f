using CloudTicks.Functions.Hosting.Invocation;
using CloudTicks.Functions.Hosting.WorstCase;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace CloudTicks.Functions.Hosting.EventHubs;

internal sealed class EventHubListeners(
    IReadOnlyList<EventHubFunction> functions,
    IConfiguration settings,
    IOptions<EventHubTriggerOptions> options,
    IOptions<WorstCaseOptions> worstCase,
    IServiceProvider services,
    TriggerHealth health,
    FunctionsMetrics metrics,
    TimeProvider time,
    ILogger<EventHubListeners> logger) : IHostedService, IDisposable
{
    private readonly List<EventHubListener> _listeners = [];

    /// <exception cref="InvalidOperationException">A trigger has a missing or wrong setting, or an invalid retry delay.</exception>
    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (worstCase.Value.Enabled)
        {
            logger.WorstCaseOn(worstCase.Value.Seed, worstCase.Value.Rate);
        }

        foreach (var function in functions)
        {
            _listeners.Add(new EventHubListener(new TriggerRuntime(
                EventHubTrigger.Resolve(function, settings),
                new FunctionInvoker(function, services),
                RetrySchedule.Of(function, options.Value.MaxRetryDelay),
                options.Value,
                health,
                metrics,
                time,
                logger,
                worstCase.Value.Enabled ? new WorstCaseTrigger(worstCase.Value, function.Name, time, logger) : null)));
        }

        _listeners.ForEach(listener => listener.Start());
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) =>
        Task.WhenAll(_listeners.Select(listener => listener.StopAsync(cancellationToken)));

    public void Dispose() => _listeners.ForEach(listener => listener.Dispose());
}
