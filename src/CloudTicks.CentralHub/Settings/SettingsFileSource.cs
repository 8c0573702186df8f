using Microsoft.Extensions.Configuration;

namespace CloudTicks.CentralHub.Settings;

/// <summary>A JSON settings file that is followed while the program runs.</summary>
internal sealed class SettingsFileSource(string path, TimeProvider time) : IConfigurationSource
{
    public IConfigurationProvider Build(IConfigurationBuilder builder) => new SettingsFile(Path.GetFullPath(path), time);
}
