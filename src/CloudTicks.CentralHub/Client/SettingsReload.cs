using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Settings;

namespace CloudTicks.CentralHub.Client;

/// <summary>Applies the settings of a document: all of them, or none.</summary>
internal sealed class SettingsReload(ServiceDocument service, HubSettings settings, IEnumerable<ICheckedSettings> checks)
{
    private static readonly Dictionary<string, string?> None = [];

    private readonly ICheckedSettings[] _checks = [.. checks];
    private IReadOnlyDictionary<string, string?> _inForce = None;

    /// <summary>
    /// Applies a document. Returns why it was refused; null when it was applied. Version 0, the defaults, contributes no settings.
    /// </summary>
    public string? Apply(HubDocument document)
    {
        IReadOnlyDictionary<string, string?> wanted;
        try
        {
            wanted = document.Version == 0 ? None : service.ToSettings(document.Content());
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // Another version of the program may have stored a document that this version cannot read.
            return $"It is not a document of {service.Service}: {exception.Message}";
        }

        var problems = settings.Try(wanted, () => _checks.Select(check => check.Problem()).OfType<string>().Distinct().ToArray());
        if (problems.Length > 0)
        {
            return string.Join(" ", problems);
        }

        try
        {
            settings.Apply(wanted);
            (_inForce, settings.Version) = (wanted, document.Version);
            return null;
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // A change listener threw: roll the settings back for every listener.
            settings.Apply(_inForce);
            return $"A part of the program failed to apply it: {(exception.InnerException ?? exception).Message}";
        }
    }
}
