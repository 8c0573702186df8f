using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Polygon.Serving.Messages;

namespace CloudTicks.Simulator.Sessions;

/// <summary>Holds statuses back, to send them in one frame with the next ticks.</summary>
internal sealed class PendingStatuses(TimeProvider time)
{
    private static readonly TimeSpan MaxWait = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<StatusMessage> _waiting = [];
    private TaskCompletionSource? _moved;

    /// <summary>Waits until the statuses are in a frame.</summary>
    /// <returns>False when no tick arrived within a second; the caller must then send the statuses.</returns>
    public async Task<bool> WaitAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken)
    {
        var moved = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.AddRange(messages);
            _moved = moved;
        }

        try
        {
            await moved.Task.WaitAsync(MaxWait, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                _waiting.Clear();
                return moved.Task.IsCompleted;
            }
        }
    }

    public void MoveTo(FrameBuffer frame)
    {
        lock (_gate)
        {
            foreach (var message in _waiting)
                frame.Append(message.ToJson());
            _waiting.Clear();
            _moved?.TrySetResult();
        }
    }
}
