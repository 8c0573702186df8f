using System.Collections.Concurrent;
using CloudTicks.Ticks;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>Writes ticks continuously, in records of random sizes, until stopped.</summary>
internal sealed class ContinuousTickWriter
{
    private readonly ArchiveWriter _writer;
    private readonly Symbol[] _symbols;
    private readonly int[] _numbers;
    private readonly Random _random = new(7);
    private readonly ConcurrentQueue<TestTick> _written = new();
    private readonly Task _writing;
    private volatile bool _isStopped;
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ContinuousTickWriter(ArchiveWriter writer, Symbol[] symbols)
    {
        (_writer, _symbols, _numbers) = (writer, symbols, new int[symbols.Length]);
        _writing = Task.Run(WriteAsync);
    }

    /// <summary>The ticks that the event hub has acknowledged, in the order of acknowledgement.</summary>
    public IReadOnlyCollection<TestTick> Written => _written;

    /// <summary>The number of the symbol's next tick, which is written after this call.</summary>
    public int NextOf(Symbol symbol) => Volatile.Read(ref _numbers[Array.IndexOf(_symbols, symbol)]) + 1;

    /// <summary>Waits until the given number of further ticks is written.</summary>
    public async Task UntilAsync(int more, CancellationToken cancellationToken)
    {
        var target = _written.Count + more;
        while (_written.Count < target)
        {
            var progress = Volatile.Read(ref _progress).Task;
            if (_written.Count < target)
            {
                await Task.WhenAny(progress, _writing).WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
                _writing.IsCompleted.ShouldBeFalse("The writing has ended.");
            }
        }
    }

    /// <summary>
    /// Waits for an acknowledged tick of the symbol, and returns the time of the newest one. No tick that is written later is older.
    /// </summary>
    public async Task<long> NewestMsAsync(Symbol symbol, CancellationToken cancellationToken)
    {
        while (true)
        {
            var progress = Volatile.Read(ref _progress).Task;
            if (_written.LastOrDefault(tick => tick.Symbol.Equals(symbol)) is { Symbol: not null } newest)
            {
                return newest.TimestampMs;
            }

            await Task.WhenAny(progress, _writing).WaitAsync(TimeSpan.FromMinutes(2), cancellationToken);
            _writing.IsCompleted.ShouldBeFalse("The writing has ended.");
        }
    }

    /// <summary>Writes a final tick of each symbol, for which clients can wait, and stops.</summary>
    public async Task StopAsync()
    {
        _isStopped = true;
        await _writing;
    }

    private async Task WriteAsync()
    {
        while (!_isStopped)
        {
            await WriteAsync(Enumerable.Range(0, _random.Next(1, 40)).Select(_ => _random.Next(_symbols.Length)));
        }

        await WriteAsync(Enumerable.Range(0, _symbols.Length));
    }

    private async Task WriteAsync(IEnumerable<int> symbols)
    {
        var nowMs = TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds();
        var ticks = symbols.Select(symbol => new TestTick(_symbols[symbol], ++_numbers[symbol], nowMs)).ToList();
        await _writer.WriteAsync(ticks, CancellationToken.None);
        ticks.ForEach(_written.Enqueue);
        Interlocked.Exchange(ref _progress, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
    }
}
