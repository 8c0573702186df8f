using CloudTicks.Functions.Hosting.Invocation;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Polly;
using Polly.Retry;

namespace CloudTicks.Functions.Hosting.EventHubs;

/// <summary>
/// Delivers one partition's batches in order and retries each until it succeeds; only then does <see cref="NextOffset"/> advance.
/// </summary>
internal sealed class PartitionWorker : IDisposable
{
    /// <summary>
    /// Consecutive failures after which a partition is reported as stuck, even while the function's own retries continue.
    /// </summary>
    private const int StuckAfterFailures = 5;

    private readonly TriggerRuntime _runtime;
    private readonly BatchDelivery _deliver;
    private readonly Action<PartitionWorker> _onProgress;
    private readonly ResiliencePipeline _retryUntilSuccess;
    private readonly CancellationTokenSource _stop = new();
    private readonly CancellationTokenSource _abort = new();
    private EventBatch? _batch;
    private int _failures;
    private long _nextOffset = -1;

    public PartitionWorker(TriggerRuntime runtime, int partition, long bufferBytes, Action<PartitionWorker> onProgress)
    {
        _runtime = runtime;
        Partition = partition;
        Buffer = new PartitionBuffer(bufferBytes);
        _deliver = runtime.DeliveryTo(partition);
        _onProgress = onProgress;
        _retryUntilSuccess = new ResiliencePipelineBuilder { TimeProvider = runtime.Time }
            .AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = int.MaxValue,
                ShouldHandle = attempt => ValueTask.FromResult(attempt.Outcome.Exception is not null && !_stop.IsCancellationRequested),
                DelayGenerator = attempt => ValueTask.FromResult<TimeSpan?>(runtime.Retries.DelayAfter(attempt.AttemptNumber + 1)),
                OnRetry = attempt =>
                {
                    OnFailure(attempt.AttemptNumber + 1, attempt.Outcome.Exception);
                    return ValueTask.CompletedTask;
                },
            })
            .Build();
        Completion = Task.Run(RunAsync);
    }

    public int Partition { get; }

    public PartitionBuffer Buffer { get; }

    /// <summary>Completes when no call runs any more; never fails.</summary>
    public Task Completion { get; }

    /// <summary>The offset after the last event that is done, or -1.</summary>
    public long NextOffset => Volatile.Read(ref _nextOffset);

    /// <summary>Stops the worker: it starts no further call, but the running one may finish.</summary>
    public void Stop() => _stop.Cancel();

    public void Abort()
    {
        _stop.Cancel();
        _abort.Cancel();
    }

    /// <summary>Disposes of the worker; call it only after <see cref="Completion"/>.</summary>
    public void Dispose()
    {
        _stop.Dispose();
        _abort.Dispose();
    }

    private async Task RunAsync()
    {
        try
        {
            while (true)
            {
                await Buffer.WaitAsync(_stop.Token);
                await _retryUntilSuccess.ExecuteAsync(static (worker, stop) => worker.AttemptAsync(stop), this, _stop.Token);
                OnSuccess(_batch!);
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The partition is being revoked. Its new owner receives the events that are not done.
        }
        catch (Exception failed) when (_stop.IsCancellationRequested)
        {
            _runtime.Logger.FailedWhileStopping(_runtime.Name, _runtime.Trigger.Topic, Partition, failed);
        }

        _runtime.Health.Clear(_runtime.Name, Partition);
    }

    /// <summary>Makes one call. The batch is assembled only when the call may run, so batches grow under load.</summary>
    private async ValueTask AttemptAsync(CancellationToken stop)
    {
        await _runtime.InvocationSlots.WaitAsync(stop);
        try
        {
            _batch ??= Buffer.Dequeue(_runtime.Options.MaxEventBatchSize, _runtime.Options.MaxBatchBytes);
            var started = _runtime.Time.GetTimestamp();
            await _deliver(_batch.Events, _abort.Token);
            _runtime.Metrics.Done(_runtime.Name, _batch.Events.Length, _runtime.Time.GetElapsedTime(started));
        }
        finally
        {
            _runtime.InvocationSlots.Release();
        }
    }

    private void OnSuccess(EventBatch batch)
    {
        if (_failures > 0)
        {
            _runtime.Health.Clear(_runtime.Name, Partition);
            _runtime.Logger.PartitionRecovered(_runtime.Name, _runtime.Trigger.Topic, Partition, _failures);
            _failures = 0;
        }

        _batch = null;
        Volatile.Write(ref _nextOffset, batch.NextOffset);
        Buffer.Done(batch);
        _onProgress(this);
    }

    private void OnFailure(int failures, Exception? exception)
    {
        _failures = failures;
        _runtime.Metrics.Failed(_runtime.Name);
        var (topic, offset) = (_runtime.Trigger.Topic, _batch!.Events[0].SequenceNumber);
        var stuck = IsStuck(failures);
        _runtime.Health.Report(
            _runtime.Name,
            Partition,
            stuck ? HealthStatus.Unhealthy : HealthStatus.Degraded,
            $"{_runtime.Name} has failed {failures} times on {topic}/{Partition} from offset {offset}: {exception?.Message}");
        if (failures == 1)
        {
            _runtime.Logger.InvocationFailed(_runtime.Name, topic, Partition, offset, _batch.Events.Length, exception);
        }

        if (stuck && !IsStuck(failures - 1))
        {
            _runtime.Logger.PartitionStuck(_runtime.Name, failures, topic, Partition, offset, exception);
        }
    }

    private bool IsStuck(int failures) => failures > 0 && (_runtime.Retries.IsExhausted(failures) || failures >= StuckAfterFailures);
}
