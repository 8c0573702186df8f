using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Primitives;

namespace CloudTicks.CentralHub.Settings;

/// <summary>All refused settings, for health, status and metrics.</summary>
public sealed class RefusedSettings : IDisposable
{
    private readonly IRefusedSettings[] _settings;
    private readonly SettingsFile[] _files;
    private readonly ILogger<RefusedSettings> _logger;
    private readonly IDisposable _watch;

    /// <summary>Starts following files and options.</summary>
    public RefusedSettings(IConfiguration configuration, IEnumerable<IRefusedSettings> options, ILogger<RefusedSettings> logger)
    {
        _files = [.. (configuration as IConfigurationRoot)?.Providers.OfType<SettingsFile>() ?? []];
        (_settings, _logger) = ([.. _files, .. options], logger);
        _watch = ChangeToken.OnChange(configuration.GetReloadToken, LogRefusedFiles);
    }

    /// <summary>Why settings are currently refused, one sentence for each reason.</summary>
    public IReadOnlyList<string> Messages => [.. _settings.Select(settings => settings.Refused).OfType<string>()];

    /// <summary>Number of refusals so far.</summary>
    public long Count => _settings.Sum(settings => settings.Refusals);

    /// <inheritdoc/>
    public void Dispose() => _watch.Dispose();

    /// <summary>Logs refused changes of settings files, because their configuration providers have no logger.</summary>
    private void LogRefusedFiles()
    {
        foreach (var sentence in _files.Select(file => file.Refused).OfType<string>())
        {
            _logger.SettingsRefused(sentence);
        }
    }
}
