using CloudTicks.Dashboard.Board;
using Microsoft.Extensions.Options;

namespace CloudTicks.Dashboard.Pipeline;

/// <summary>Polls for all viewers: every second while anyone looks, else every five, so that rates are known at once.</summary>
internal sealed class PipelineWatch(
    PipelineReader reader, BoardMetrics board, IOptions<DashboardOptions> options, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan BetweenIdleLooks = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan Fresh = TimeSpan.FromSeconds(2);

    private readonly Lock _gate = new();
    private TaskCompletionSource _next = NewSource();
    private TaskCompletionSource _wanted = NewSource();
    private byte[]? _picture;
    private long _drawn;

    /// <summary>The newest picture, when it is fresh, and when there will be a newer one; asking keeps them coming.</summary>
    public (byte[]? Picture, Task Next) Look()
    {
        lock (_gate)
        {
            _wanted.TrySetResult();
            return (_picture is not null && time.GetElapsedTime(_drawn) < Fresh ? _picture : null, _next.Task);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var began = time.GetTimestamp();
            var picture = PipelinePicture.Draw(await reader.ReadAsync(stoppingToken), board, options.Value.MaxDiskBytes);
            Task wanted;
            lock (_gate)
            {
                (_picture, _drawn) = (picture, time.GetTimestamp());
                _wanted = NewSource();
                wanted = _wanted.Task;
                var passed = _next;
                _next = NewSource();
                passed.SetResult();
            }

            await DelayAsync(BetweenLooks - time.GetElapsedTime(began), stoppingToken);
            try
            {
                await wanted.WaitAsync(BetweenIdleLooks - BetweenLooks, time, stoppingToken);
            }
            catch (TimeoutException)
            {
                // Nobody looks.
            }
        }
    }

    private Task DelayAsync(TimeSpan delay, CancellationToken stoppingToken) =>
        delay > TimeSpan.Zero ? Task.Delay(delay, time, stoppingToken) : Task.CompletedTask;

    private static TaskCompletionSource NewSource() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
