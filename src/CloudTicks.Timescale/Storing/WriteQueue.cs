using System.Threading.Channels;
using CloudTicks.Foundations;
using Microsoft.Extensions.Options;

namespace CloudTicks.Timescale.Storing;

internal sealed class WriteQueue(IOptionsMonitor<TimescaleOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Each partition has one write waiting at most, so this is a number of partitions; beyond it callers wait for room.</summary>
    private const int MaxWaiting = 1024;

    private readonly Channel<PendingWrite> _waiting = Channel.CreateBounded<PendingWrite>(MaxWaiting);

    /// <summary>One writer gathers at a time: two would share the company that one of them waits for.</summary>
    private readonly SemaphoreSlim _gathering = new(1, 1);

    private readonly WakeSignal _endOfPause = new();
    private readonly Lock _gate = new();
    private Task _untilNext = Task.CompletedTask;
    private long _rows;
    private volatile bool _isComplete;

    public async ValueTask AddAsync(PendingWrite write)
    {
        await _waiting.Writer.WriteAsync(write, write.Cancellation);
        // A pausing writer is not woken for less.
        if (Interlocked.Add(ref _rows, write.RowCount) >= CommitPace.RowsWorthCommitting)
        {
            _endOfPause.Set();
        }
    }

    public bool Complete()
    {
        _isComplete = true;
        _endOfPause.Set();
        return _waiting.Writer.TryComplete();
    }

    /// <summary>Takes the writes that wait, and lets them wait for others as long as that pays.</summary>
    /// <param name="paces">Of all writers: a pause is not there to be filled by another one's small transaction.</param>
    public async Task<bool> GatherAsync(WriteGroup group, IReadOnlyList<CommitPace> paces)
    {
        await _gathering.WaitAsync();
        try
        {
            if (!await _waiting.Reader.WaitToReadAsync())
            {
                return false;
            }

            var bounds = options.CurrentValue;
            group.Fill(_waiting.Reader, bounds);
            while (!group.IsFull(bounds) && !_isComplete
                && paces.Max(pace => pace.Pause(group.Rows, bounds.BatchInterval)) is var pause && pause > TimeSpan.Zero)
            {
                await _endOfPause.WaitAsync(pause, time, CancellationToken.None);
                group.Fill(_waiting.Reader, bounds);
            }

            Interlocked.Add(ref _rows, -group.Rows);
            return true;
        }
        finally
        {
            _gathering.Release();
        }
    }

    /// <summary>Completes <see cref="CommitPace.Lead"/> before the pause ends that a small write would wait for.</summary>
    public Task UntilNextAsync(IReadOnlyList<CommitPace> paces)
    {
        lock (_gate)
        {
            if (_untilNext.IsCompleted)
            {
                var wait = paces.Max(pace => pace.Pause(0, options.CurrentValue.BatchInterval)) - CommitPace.Lead;
                _untilNext = wait > TimeSpan.Zero ? Task.Delay(wait, time) : Task.CompletedTask;
            }

            return _untilNext;
        }
    }

    public void Dispose() => _gathering.Dispose();
}
