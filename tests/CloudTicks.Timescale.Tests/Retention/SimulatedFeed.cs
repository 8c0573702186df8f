using CloudTicks.Ticks;
using CloudTicks.Ticks.Batches;
using CloudTicks.Timescale.Storing;

namespace CloudTicks.Timescale.Tests.Retention;

/// <summary>
/// Simulates a feed whose clock the test sets, and stores its records continuously: current and late ticks, ticks at the edge of the
/// window and older ones. Lists the ticks that the table must have. Time moves only between two records.
/// </summary>
internal sealed class SimulatedFeed : IAsyncDisposable
{
    private const int Partitions = 2;
    private const int TicksPerRecord = 20;
    private const long MinuteMs = 60_000;
    private const long HourMs = 60 * MinuteMs;

    private readonly TickStore _store;
    private readonly SimulatedClock _ownClock;
    private readonly Func<long> _windowMs;
    private readonly CancellationTokenSource _stopping;
    private readonly SemaphoreSlim[] _partitionLocks = [.. Enumerable.Range(0, Partitions).Select(_ => new SemaphoreSlim(1, 1))];
    private readonly int[] _offsets = new int[Partitions];
    private readonly List<SentTick> _sent = [];
    private readonly Random[] _randoms;
    private readonly Task[] _writers;
    private int _nextNumber;
    private int _storedRecords;

    /// <summary>A tick that the table must have, identified by its number, which its bid encodes.</summary>
    public readonly record struct SentTick(int Number, long TimestampMs);

    public SimulatedFeed(
        TickStore store, SimulatedClock ownClock, long nowMs, Func<long> windowMs, int seed, CancellationToken cancellationToken)
    {
        (_store, _ownClock, _windowMs, NowMs) = (store, ownClock, windowMs, nowMs);
        _stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        _randoms = [.. Enumerable.Range(0, Partitions).Select(partition => new Random(seed + partition))];
        _writers = [.. Enumerable.Range(0, Partitions).Select(partition => Task.Run(() => WriteAsync(partition), CancellationToken.None))];
    }

    /// <summary>The feed's time, Unix ms.</summary>
    public long NowMs { get; private set; }

    /// <summary>The number of stored records.</summary>
    public int StoredRecords => Volatile.Read(ref _storedRecords);

    /// <summary>The number of ticks that were older than the window and therefore not stored.</summary>
    public long Expired { get; private set; }

    /// <summary>
    /// Returns the ticks at or after a time that the table must have, including those of records that are still being stored.
    /// </summary>
    public IReadOnlyList<SentTick> SentSince(long ms)
    {
        lock (_sent)
        {
            return _sent.FindAll(tick => tick.TimestampMs >= ms);
        }
    }

    /// <summary>Sets the feed's clock and the program's clock between two records, and stores the first tick of the new time.</summary>
    public Task AdvanceAsync(long nowMs, long ownMs, Action? meanwhile = null) => RunBetweenRecordsAsync(async () =>
    {
        meanwhile?.Invoke();
        (NowMs, _ownClock.NowMs) = (nowMs, ownMs);
        await StoreAsync(0, [nowMs]);
    });

    /// <summary>Runs an action between two records.</summary>
    public async Task RunBetweenRecordsAsync(Func<Task> action)
    {
        foreach (var partitionLock in _partitionLocks)
        {
            await partitionLock.WaitAsync(_stopping.Token);
        }

        try
        {
            await action();
        }
        finally
        {
            Array.ForEach(_partitionLocks, partitionLock => partitionLock.Release());
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await Task.WhenAll(_writers).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _stopping.Dispose();
        Array.ForEach(_partitionLocks, partitionLock => partitionLock.Dispose());
    }

    /// <summary>Fails if a writer has failed.</summary>
    public async Task CheckAsync() => await await Task.WhenAny([.. _writers, Task.CompletedTask]);

    private async Task WriteAsync(int partition)
    {
        while (true)
        {
            await _partitionLocks[partition].WaitAsync(_stopping.Token);
            try
            {
                await StoreAsync(partition, [.. Enumerable.Range(0, TicksPerRecord).Select(_ => RandomTime(_randoms[partition]))]);
            }
            finally
            {
                _partitionLocks[partition].Release();
            }

            // Let the test continue.
            await Task.Yield();
        }
    }

    private long RandomTime(Random random) => random.Next(10) switch
    {
        < 6 => NowMs - random.NextInt64(MinuteMs),
        6 => NowMs - random.NextInt64(3 * HourMs),
        7 => NowMs - random.NextInt64(_windowMs()),
        8 => WindowStartMs + random.NextInt64(HourMs),
        _ => WindowStartMs - 1 - random.NextInt64(2 * HourMs),
    };

    /// <summary>The time before which ticks are not stored, according to the earlier of the feed's and the program's clock.</summary>
    private long WindowStartMs => Math.Min(NowMs, _ownClock.NowMs) - _windowMs();

    private async Task StoreAsync(int partition, long[] times)
    {
        var (builder, kept) = (new TickBatchBuilder(partition, TickSource.Live), 0);
        lock (_sent)
        {
            foreach (var ms in times)
            {
                var number = _nextNumber++;
                builder.Add(TestRecords.Quote(number, ms - (number / 10)));
                if (ms >= WindowStartMs)
                {
                    kept++;
                    _sent.Add(new SentTick(number, ms));
                }
            }
        }

        var record = new ArchivedRecord(_offsets[partition]++, builder.ToRecord());
        var result = await _store.StoreAsync(TestRecords.Partition(partition), [record], TestRecords.NoneRefused, _stopping.Token);
        (result.StoredTicks, result.ExpiredTicks).ShouldBe((kept, times.Length - kept));
        Interlocked.Increment(ref _storedRecords);
        lock (_sent)
        {
            Expired += result.ExpiredTicks;
        }
    }
}
