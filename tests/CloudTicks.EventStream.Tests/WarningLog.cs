using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CloudTicks.EventStream.Tests;

/// <summary>Lines that a user sees, and a way to wait for one.</summary>
internal sealed class WarningLog<T> : ILogger<T>, IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _said = new(0);

    public IReadOnlyCollection<string> Lines => _lines;

    public async Task LineAsync(string part, CancellationToken cancellationToken)
    {
        while (!_lines.Any(line => line.Contains(part, StringComparison.Ordinal)))
        {
            await _said.WaitAsync(cancellationToken);
        }
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
            _said.Release();
        }
    }

    public void Dispose() => _said.Dispose();
}
