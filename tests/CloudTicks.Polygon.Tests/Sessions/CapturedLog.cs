using CloudTicks.Polygon.Feeds;
using Microsoft.Extensions.Logging;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>A logger whose lines a test can read and wait for.</summary>
internal sealed class CapturedLog : ILogger<MarketFeed>
{
    private readonly Lock _lock = new();
    private readonly List<string> _lines = [];
    private readonly List<(string Part, TaskCompletionSource<string> Found)> _awaited = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lock)
            {
                return [.. _lines];
            }
        }
    }

    public Task<string> LineAsync(string part)
    {
        lock (_lock)
        {
            if (_lines.Find(line => line.Contains(part, StringComparison.Ordinal)) is { } known)
            {
                return Task.FromResult(known);
            }

            var found = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            _awaited.Add((part, found));
            return found.Task.WaitAsync(TestContext.Current.CancellationToken);
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => true;

    public void Log<TState>(
        LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        var line = $"{logLevel}: {formatter(state, exception)} {exception}";
        lock (_lock)
        {
            _lines.Add(line);
            foreach (var (_, found) in _awaited.Where(awaited => line.Contains(awaited.Part, StringComparison.Ordinal)))
            {
                found.TrySetResult(line);
            }
        }
    }
}
