using CloudTicks.Polygon.Serving.Events;
using CloudTicks.Polygon.Serving.Messages;

namespace CloudTicks.Simulator.Sessions;

/// <summary>Holds statuses back, to send them in one frame with the next ticks.</summary>
internal sealed class PendingStatuses(TimeProvider time)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    private readonly Lock _gate = new();
    private readonly List<StatusMessage> _waiting = [];
    private TaskCompletionSource? _taken;

    /// <summary>Waits until the statuses are in a frame.</summary>
    /// <returns>False when no tick arrived for a second; then the statuses are no longer held back.</returns>
    public async Task<bool> WaitAsync(IReadOnlyList<StatusMessage> messages, CancellationToken cancellationToken)
    {
        var taken = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _waiting.AddRange(messages);
            _taken = taken;
        }

        try
        {
            await taken.Task.WaitAsync(Patience, time, cancellationToken);
            return true;
        }
        catch (TimeoutException)
        {
            lock (_gate)
            {
                _waiting.Clear();
                return taken.Task.IsCompleted;
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
            _taken?.TrySetResult();
        }
    }
}
