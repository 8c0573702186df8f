using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;

namespace Microsoft.Extensions.Hosting;

/// <summary>Settings of a program where nothing else is configured.</summary>
public static class DefaultSettings
{
    /// <summary>Adds settings below every other source.</summary>
    public static void AddDefaults(this IConfigurationBuilder configuration, params IEnumerable<KeyValuePair<string, string?>> settings) =>
        configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = settings });
}
