using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Relay.Tests.Archive;

/// <summary>A logger that stores its lines in memory.</summary>
internal sealed class TestLog : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public IReadOnlyList<string> Lines => [.. _lines];

    public ILogger CreateLogger(string categoryName) => this;

    public void Dispose()
    {
        // Nothing to dispose.
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
            Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).SetResult();
        }
    }

    public async Task UntilLineAsync(string part, CancellationToken cancellationToken, int minCount = 1)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        timeout.CancelAfter(TimeSpan.FromMinutes(2));
        while (true)
        {
            var changed = Volatile.Read(ref _changed).Task;
            if (_lines.Count(line => line.Contains(part, StringComparison.Ordinal)) >= minCount)
            {
                return;
            }

            await changed.WaitAsync(timeout.Token);
        }
    }
}
