using CloudTicks.Polygon.Sessions;
using Microsoft.Extensions.Options;

namespace CloudTicks.Polygon.Tests.Sessions;

/// <summary>Options that a test can change.</summary>
internal sealed class SettableOptions(PolygonOptions options) : IOptionsMonitor<PolygonOptions>
{
    private Action<PolygonOptions, string?>? _listeners;

    public PolygonOptions CurrentValue { get; private set; } = options;

    public PolygonOptions Get(string? name) => CurrentValue;

    public void Set(PolygonOptions options)
    {
        CurrentValue = options;
        _listeners?.Invoke(options, null);
    }

    public IDisposable OnChange(Action<PolygonOptions, string?> listener)
    {
        _listeners += listener;
        return new Subscription(() => _listeners -= listener);
    }

    private sealed class Subscription(Action end) : IDisposable
    {
        public void Dispose() => end();
    }
}
