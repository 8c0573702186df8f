using Microsoft.Extensions.Configuration.Memory;

namespace CloudTicks.Collector;

/// <summary>Settings of the program where nothing else is configured: they come before all other sources.</summary>
internal static class CollectorDefaults
{
    /// <summary>Puts the defaults below every other source.</summary>
    public static void AddDefaults(this IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            // The collector waits for acknowledgements itself, and must be gone 5 s after SIGTERM.
            InitialData = [new("EventStream:Producer:DrainTimeout", "00:00:01")],
        });
}
