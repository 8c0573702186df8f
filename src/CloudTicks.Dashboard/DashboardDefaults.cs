using Microsoft.Extensions.Configuration.Memory;

namespace CloudTicks.Dashboard;

/// <summary>Settings of the program where nothing else is configured: they come before all other sources.</summary>
internal static class DashboardDefaults
{
    /// <summary>Puts the defaults below every other source.</summary>
    public static void AddDefaults(this IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            InitialData = [new("ConnectionStrings:nats", "nats://127.0.0.1:4222")],
        });
}
