using Microsoft.Extensions.Configuration;

namespace CloudTicks.CentralHub.Settings;

/// <summary>Adds a settings file on top of the configuration.</summary>
public static class SettingsFileExtensions
{
    /// <summary>
    /// Adds the file that <c>--settings FILE</c> or <c>CLOUDTICKS_SETTINGS</c> names, if any. Changes to the file take effect while the
    /// program runs; an invalid change has no effect. A list in the file replaces the whole list of a configuration source
    /// with lower priority.
    /// </summary>
    /// <exception cref="FormatException">The file cannot be read.</exception>
    public static void AddSettingsFile(this ConfigurationManager configuration, TimeProvider time)
    {
        if ((configuration["settings"] ?? configuration["CLOUDTICKS_SETTINGS"]) is { Length: > 0 } path)
        {
            ((IConfigurationBuilder)configuration).Add(new SettingsFileSource(path, time));
        }
    }
}
