using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Tests;

/// <summary>Collects log lines at the levels that users see, and waits for a line.</summary>
internal sealed class LogRecorder<T> : ILogger<T>, IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _written = new(0);

    public IReadOnlyCollection<string> Lines => _lines;

    public async Task LineAsync(string part, CancellationToken cancellationToken)
    {
        while (!_lines.Any(line => line.Contains(part, StringComparison.Ordinal)))
        {
            await _written.WaitAsync(cancellationToken);
        }
    }

    public void Clear() => _lines.Clear();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
            _written.Release();
        }
    }

    public void Dispose() => _written.Dispose();
}
