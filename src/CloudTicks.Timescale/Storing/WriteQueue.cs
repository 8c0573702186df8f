using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace CloudTicks.Timescale.Storing;

internal sealed class WriteQueue(IOptionsMonitor<TimescaleOptions> options, TimeProvider time) : IDisposable
{
    /// <summary>Each partition has one write waiting at most, so this is a number of partitions; beyond it callers wait for room.</summary>
    private const int MaxWaiting = 1024;

    private readonly Channel<PendingWrite> _waiting = Channel.CreateBounded<PendingWrite>(MaxWaiting);

    /// <summary>One writer gathers at a time: two would share the company that one of them waits for.</summary>
    private readonly SemaphoreSlim _gathering = new(1, 1);

    public ValueTask AddAsync(PendingWrite write) => _waiting.Writer.WriteAsync(write, write.Cancellation);

    public bool Complete() => _waiting.Writer.TryComplete();

    /// <summary>Takes the writes that wait, and lets them wait for others as long as that pays.</summary>
    public async Task<bool> GatherAsync(WriteGroup group, CommitPace pace)
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
            while (!group.IsFull(bounds) && pace.Pause(group.Rows, bounds.BatchInterval) is var pause && pause > TimeSpan.Zero)
            {
                var more = _waiting.Reader.WaitToReadAsync().AsTask();
                await ((Task)more).WaitAsync(pause, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (more.IsCompleted && !await more)
                {
                    break;
                }

                group.Fill(_waiting.Reader, bounds);
            }

            return true;
        }
        finally
        {
            _gathering.Release();
        }
    }

    public void Dispose() => _gathering.Dispose();
}
