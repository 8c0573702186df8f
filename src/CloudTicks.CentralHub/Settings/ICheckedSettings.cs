namespace CloudTicks.CentralHub.Settings;

/// <summary>Options that can be validated against new settings before those take effect.</summary>
public interface ICheckedSettings
{
    /// <summary>Validates the options with the configuration that the calling thread sees. No setting changes.</summary>
    /// <returns>Why the options are invalid, as a sentence; null when they are valid.</returns>
    public string? Problem();
}
