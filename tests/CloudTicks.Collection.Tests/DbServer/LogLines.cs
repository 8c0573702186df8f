using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Collection.Tests.DbServer;

/// <summary>A logger that stores its lines.</summary>
internal sealed class LogLines : ILogger, IDisposable
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _written = new(0);

    public int Count(string text) => _lines.Count(line => line.Contains(text, StringComparison.Ordinal));

    public async Task UntilAsync(string text)
    {
        while (Count(text) == 0)
        {
            await _written.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public void Dispose() => _written.Dispose();

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        _lines.Enqueue(formatter(state, exception));
        _written.Release();
    }
}
