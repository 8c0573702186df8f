namespace CloudTicks.Functions.Tests.Chaos;

/// <summary>The progress of a round's feed.</summary>
internal sealed class Progress
{
    private readonly Lock _gate = new();
    private readonly List<(double At, TaskCompletionSource Reached)> _waiting = [];
    private double _progress = -1;

    /// <summary>Reports the progress of a partition, from 0 to 1.</summary>
    public void Reached(double progress)
    {
        lock (_gate)
        {
            _progress = Math.Max(_progress, progress);
            foreach (var (at, reached) in _waiting)
            {
                if (at <= _progress)
                {
                    reached.TrySetResult();
                }
            }
        }
    }

    /// <summary>Waits until any partition has reached the given progress.</summary>
    public Task UntilAsync(double progress)
    {
        lock (_gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiting.Add((progress, reached));
            if (progress <= _progress)
            {
                reached.SetResult();
            }

            return reached.Task;
        }
    }
}
