using CloudTicks.Dashboard.Board;
using Microsoft.Extensions.Options;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>
/// Polls the services for all viewers: every second while there are viewers, otherwise every five seconds, so that rates are known when a
/// viewer connects.
/// </summary>
internal sealed class PipelineWatch(
    PipelineReader reader, BoardMetrics board, IOptions<DashboardOptions> options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan PollInterval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan IdlePollInterval = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan MaxSnapshotAge = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewSource();
    private TaskCompletionSource _requestSignal = NewSource();
    private byte[]? _snapshot;
    private long _snapshotAt;

    /// <summary>
    /// Returns the newest snapshot (null before the first one, and if it is too old), and a task that completes with the next snapshot.
    /// After a call, the next poll follows within a second.
    /// </summary>
    public (byte[]? Snapshot, Task Next) Read()
    {
        lock (_gate)
        {
            _requestSignal.TrySetResult();
            return (_snapshot is not null && time.GetElapsedTime(_snapshotAt) < MaxSnapshotAge ? _snapshot : null, _next.Task);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var startedAt = time.GetTimestamp();
            var snapshot = PipelineSnapshot.Write(await reader.ReadAsync(stoppingToken), board, options.Value.MaxDiskBytes);
            Task requested;
            lock (_gate)
            {
                (_snapshot, _snapshotAt) = (snapshot, time.GetTimestamp());
                _requestSignal = NewSource();
                requested = _requestSignal.Task;
                var completedSignal = _next;
                _next = NewSource();
                completedSignal.SetResult();
            }

            await DelayAsync(PollInterval - time.GetElapsedTime(startedAt), stoppingToken);
            try
            {
                await requested.WaitAsync(IdlePollInterval - PollInterval, time, stoppingToken);
            }
            catch (TimeoutException)
            {
                // There is still no viewer.
            }
        }
    }

    private Task DelayAsync(TimeSpan delay, CancellationToken stoppingToken) =>
        delay > TimeSpan.Zero ? Task.Delay(delay, time, stoppingToken) : Task.CompletedTask;

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
