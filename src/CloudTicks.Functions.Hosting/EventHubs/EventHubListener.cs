using CloudTicks.EventStream;
using CloudTicks.Functions.Hosting.Invocation;
using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>Serves one function: a thread with a consumer, which is recreated when it fails.</summary>
internal sealed class EventHubListener(TriggerRuntime runtime) : IDisposable
{
    private static readonly TimeSpan MaxRestartDelay = TimeSpan.FromSeconds(30);

    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Start()
    {
        runtime.Logger.Listening(runtime.Name, runtime.Trigger.Topic, runtime.Trigger.ConsumerGroup, runtime.Trigger.Connection);
        new Thread(Run) { IsBackground = true, Name = $"{runtime.Name} consumer" }.Start();
    }

    /// <summary>
    /// Stops the consumer. Takes at most <see cref="EventHubTriggerOptions.DrainTimeout"/> plus one second, unless the event hub delays it.
    /// </summary>
    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        try
        {
            await _ended.Task.WaitAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            runtime.Logger.StopTimedOut(runtime.Name);
        }
    }

    public void Dispose()
    {
        if (_ended.Task.IsCompleted) // Otherwise the thread still uses the token source.
        {
            _stopping.Dispose();
        }
    }

    private void Run()
    {
        var stopping = _stopping.Token;
        var failures = 0;
        while (!stopping.IsCancellationRequested)
        {
            var began = runtime.Time.GetTimestamp();
            try
            {
                using var consumer = new PartitionConsumer(runtime, stopping);
                runtime.Health.Clear(runtime.Name, TriggerHealth.AllPartitions);
                runtime.Health.Clear(runtime.Name, TriggerHealth.Checkpoints);
                consumer.Run();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                break;
            }
            catch (Exception failed) when (
                failed is KafkaException or EventStreamException or InvalidOperationException or DllNotFoundException)
            {
                failures = runtime.Time.GetElapsedTime(began) > MaxRestartDelay ? 1 : failures + 1;
                var pause = RetrySchedule.HostBackoff(MaxRestartDelay).After(failures);
                runtime.Health.Report(
                    runtime.Name,
                    TriggerHealth.AllPartitions,
                    HealthStatus.Unhealthy,
                    $"{runtime.Name} cannot read {runtime.Trigger.Topic}: {failed.Message}");
                runtime.Logger.ConsumerEnded(runtime.Name, runtime.Trigger.Topic, pause.TotalSeconds, failed);
                stopping.WaitHandle.WaitOne(pause);
            }
        }

        _ended.SetResult();
    }
}
