using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace CloudTicks.Functions;

/// <summary>Settings of the program where nothing else is configured: they come before all other sources.</summary>
internal static class TickFunctionsDefaults
{
    /// <summary>Puts the defaults below every other source.</summary>
    public static void AddDefaults(this IConfigurationBuilder configuration) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource
        {
            // Where services and people look for the central hub, and programs that post ticks for /db_command.
            InitialData = [new("FunctionsHosting:FurtherPorts:0", "7000"), new("FunctionsHosting:FurtherPorts:1", "9100")],
        });
}
