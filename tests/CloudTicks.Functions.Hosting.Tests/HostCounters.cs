using System.Diagnostics.Metrics;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary>The counters of one host's functions.</summary>
internal sealed class HostCounters : IDisposable
{
    private readonly Lock _lock = new();
    private readonly Dictionary<string, long> _counts = [];
    private readonly List<(string Counter, long MinCount, TaskCompletionSource Reached)> _waiters = [];
    private readonly MeterListener _listener = new();

    /// <param name="meters">The host's meter factory, which distinguishes its counters from those of other hosts in the process.</param>
    public HostCounters(IMeterFactory meters)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters)
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, increment, _, _) => Add(instrument.Name, increment));
        _listener.Start();
    }

    /// <summary>The current value of a counter.</summary>
    public long this[string counter]
    {
        get
        {
            lock (_lock)
            {
                return _counts.GetValueOrDefault(counter);
            }
        }
    }

    /// <summary>Completes when a counter has reached a value.</summary>
    public Task WhenAsync(string counter, long target)
    {
        lock (_lock)
        {
            if (_counts.GetValueOrDefault(counter) >= target)
            {
                return Task.CompletedTask;
            }

            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _waiters.Add((counter, target, reached));
            return reached.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => _listener.Dispose();

    private void Add(string counter, long increment)
    {
        lock (_lock)
        {
            var count = _counts[counter] = _counts.GetValueOrDefault(counter) + increment;
            foreach (var (_, _, reached) in _waiters.Where(waiter => waiter.Counter == counter && waiter.MinCount <= count))
            {
                reached.TrySetResult();
            }
        }
    }
}
