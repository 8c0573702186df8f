using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace CloudTicks.CentralHub.Settings;

/// <summary>All settings that were changed to something that cannot be used, for health, status and meters.</summary>
public sealed class RefusedSettings : IDisposable
{
    private readonly IRefusedSettings[] _settings;
    private readonly SettingsFile[] _files;
    private readonly ILogger<RefusedSettings> _logger;
    private readonly IDisposable _watch;

    /// <summary>Follows files and options.</summary>
    public RefusedSettings(IConfiguration configuration, IEnumerable<IRefusedSettings> options, ILogger<RefusedSettings> logger)
    {
        _files = [.. (configuration as IConfigurationRoot)?.Providers.OfType<SettingsFile>() ?? []];
        (_settings, _logger) = ([.. _files, .. options], logger);
        _watch = ChangeToken.OnChange(configuration.GetReloadToken, TellOfFiles);
    }

    /// <summary>What is wrong now, a sentence each.</summary>
    public IReadOnlyList<string> Sentences => [.. _settings.Select(settings => settings.Refused).OfType<string>()];

    /// <summary>How often settings were refused.</summary>
    public long Count => _settings.Sum(settings => settings.Refusals);

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();

    /// <summary>A file has no logger of its own, as it is read before there is one.</summary>
    private void TellOfFiles()
    {
        foreach (var sentence in _files.Select(file => file.Refused).OfType<string>())
        {
            _logger.SettingsRefused(sentence);
        }
    }
}
