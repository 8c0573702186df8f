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
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewSource();
    private TaskCompletionSource _wanted = NewSource();
    private byte[]? _snapshot;
    private long _drawn;

    /// <summary>Returns the newest snapshot, if fresh, and a task for the next one. Each call keeps the fast polling alive.</summary>
    public (byte[]? Snapshot, Task Next) Read()
    {
        lock (_gate)
        {
            _wanted.TrySetResult();
            return (_snapshot is not null && time.GetElapsedTime(_drawn) < Fresh ? _snapshot : null, _next.Task);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            var snapshot = PipelineSnapshot.Draw(await reader.ReadAsync(stoppingToken), board, options.Value.MaxDiskBytes);
            Task wanted;
            lock (_gate)
            {
                (_snapshot, _drawn) = (snapshot, time.GetTimestamp());
                _wanted = NewSource();
                wanted = _wanted.Task;
                var passed = _next;
                _next = NewSource();
                passed.SetResult();
            }

            await DelayAsync(PollInterval - time.GetElapsedTime(began), stoppingToken);
            try
            {
                await wanted.WaitAsync(IdlePollInterval - PollInterval, time, stoppingToken);
            }
            catch (TimeoutException)
            {
                // No viewers.
            }
        }
    }

    private Task DelayAsync(TimeSpan delay, CancellationToken stoppingToken) =>
        delay > TimeSpan.Zero ? Task.Delay(delay, time, stoppingToken) : Task.CompletedTask;

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
