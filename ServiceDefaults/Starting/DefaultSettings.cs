using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Microsoft.Extensions.Hosting;

/// <summary>A program's default settings.</summary>
public static class DefaultSettings
{
    /// <summary>Adds settings with a lower priority than every other configuration source.</summary>
    public static void AddDefaults(this IConfigurationBuilder configuration, params IEnumerable<KeyValuePair<string, string?>> settings) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings });
}
