using System.Threading.Channels;
using CloudTicks.Foundations;
using Microsoft.Extensions.Options;

namespace CloudTicks.Timescale.Storing;

internal sealed class WriteQueue(IOptionsMonitor<TimescaleOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>
    /// The capacity of the queue; further callers wait until it has room. A partition has at most one write in the queue, so this is also
    /// the number of partitions that can wait in it.
    /// </summary>
    private const int MaxWaiting = 1024;

    private readonly Channel<PendingWrite> _waiting = Channel.CreateBounded<PendingWrite>(MaxWaiting);

    /// <summary>Only one writer collects at a time; two would split the arriving rows into two transactions.</summary>
    private readonly SemaphoreSlim _gatherLock = new(1, 1);

    private readonly WakeSignal _pauseEnd = new();
    private readonly Lock _gate = new();
    private Task _nextTransaction = Task.CompletedTask;
    private long _rows;
    private volatile bool _isComplete;

    public async ValueTask AddAsync(PendingWrite write)
    {
        await _waiting.Writer.WriteAsync(write, write.Cancellation);
        // It is not worth waking a paused writer for fewer rows.
        if (Interlocked.Add(ref _rows, write.RowCount) >= CommitPace.RowsWorthCommitting)
        {
            _pauseEnd.Set();
        }
    }

    public bool Complete()
    {
        _isComplete = true;
        _pauseEnd.Set();
        return _waiting.Writer.TryComplete();
    }

    /// <summary>
    /// Collects waiting writes, and waits for more while that saves transactions. Returns false when the queue is completed and empty.
    /// </summary>
    /// <param name="paces">The paces of all writers: one writer must not commit a few rows while another pauses.</param>
    public async Task<bool> GatherAsync(WriteGroup group, IReadOnlyList<CommitPace> paces)
    {
        await _gatherLock.WaitAsync();
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
                await _pauseEnd.WaitAsync(pause, time, CancellationToken.None);
                group.Fill(_waiting.Reader, bounds);
            }

            Interlocked.Add(ref _rows, -group.Rows);
            return true;
        }
        finally
        {
            _gatherLock.Release();
        }
    }

    /// <summary>Completes when only <see cref="CommitPace.Lead"/> remains of the pause for a small write.</summary>
    public Task WaitForNextTransactionAsync(IReadOnlyList<CommitPace> paces)
    {
        lock (_gate)
        {
            if (_nextTransaction.IsCompleted)
            {
                var wait = paces.Max(pace => pace.Pause(0, options.CurrentValue.BatchInterval)) - CommitPace.Lead;
                _nextTransaction = wait > TimeSpan.Zero ? Task.Delay(wait, time) : Task.CompletedTask;
            }

            return _nextTransaction;
        }
    }

    public void Dispose() => _gatherLock.Dispose();
}
