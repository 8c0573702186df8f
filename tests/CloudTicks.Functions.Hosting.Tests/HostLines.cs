using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace CloudTicks.Functions.Hosting.Tests;

/// <summary>Collects the lines that a host's own code logs at level Information and above.</summary>
internal sealed class HostLines : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly SemaphoreSlim _logged = new(0);

    public IEnumerable<string> All => _lines;

    public IEnumerable<string> WarningsAndErrors => _lines.Where(line => !line.StartsWith("Information", StringComparison.Ordinal));

    /// <summary>Waits for a line that contains a text.</summary>
    public async Task LineAsync(string part)
    {
        while (!_lines.Any(line => line.Contains(part, StringComparison.Ordinal)))
        {
            await _logged.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public ILogger CreateLogger(string categoryName) =>
        categoryName.StartsWith("CloudTicks.", StringComparison.Ordinal) ? this : NullLogger.Instance;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
        {
            _lines.Enqueue($"{logLevel}: {formatter(state, exception)}");
            _logged.Release();
        }
    }

    public void Dispose()
    {
        // Do not dispose of the semaphore: a host that is stopping still logs.
    }
}
