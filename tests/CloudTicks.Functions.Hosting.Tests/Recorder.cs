using Azure.Messaging.EventHubs;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary>An event that a function has handled.</summary>
public readonly record struct Delivery(int Partition, long Offset, string Text);

/// <summary>Determines what a test's functions do, and records what they received. Several hosts of one test may share it.</summary>
public sealed class Recorder
{
    private readonly Lock _lock = new();
    private readonly List<Delivery> _deliveries = [];
    private readonly List<(Func<IReadOnlyList<Delivery>, bool> Condition, TaskCompletionSource Met)> _waiters = [];

    /// <summary>Called with each batch. If it throws, the function fails, and the batch is not recorded.</summary>
    public Func<int, EventData[], CancellationToken, Task> OnBatch { get; set; } = (_, _, _) => Task.CompletedTask;

    /// <summary>Completes when <see cref="BlockedEvents"/> is called.</summary>
    public TaskCompletionSource<int> Blocked { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The sizes of the batches, in events.</summary>
    public List<int> BatchSizes { get; } = [];

    public IReadOnlyList<Delivery> Deliveries
    {
        get
        {
            lock (_lock)
            {
                return [.. _deliveries];
            }
        }
    }

    public async Task TakeAsync(int partition, EventData[] events, CancellationToken cancellationToken)
    {
        await OnBatch(partition, events, cancellationToken);
        lock (_lock)
        {
            BatchSizes.Add(events.Length);
            _deliveries.AddRange(events.Select(data => new Delivery(partition, data.SequenceNumber, data.EventBody.ToString())));
            foreach (var (_, met) in _waiters.Where(waiter => waiter.Condition(_deliveries)))
            {
                met.TrySetResult();
            }
        }
    }

    /// <summary>Completes when the delivered events satisfy a condition.</summary>
    public Task WhenAsync(Func<IReadOnlyList<Delivery>, bool> condition)
    {
        lock (_lock)
        {
            if (condition(_deliveries))
            {
                return Task.CompletedTask;
            }

            var met = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((condition, met));
            return met.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }
}
