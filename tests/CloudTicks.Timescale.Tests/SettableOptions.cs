using Microsoft.Extensions.Options;

namespace CloudTicks.Timescale.Tests;

/// <summary>Options that a test can change while they are in use.</summary>
internal sealed class SettableOptions(TimescaleOptions options) : IOptionsMonitor<TimescaleOptions>
{
    public TimescaleOptions CurrentValue { get; set; } = options;

    public TimescaleOptions Get(string? name) => CurrentValue;

    public IDisposable? OnChange(Action<TimescaleOptions, string?> listener) => null;
}
