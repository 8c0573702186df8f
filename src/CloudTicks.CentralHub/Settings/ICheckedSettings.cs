namespace CloudTicks.CentralHub.Settings;

/// <summary>Options that can be validated with new settings before these come into force.</summary>
public interface ICheckedSettings
{
    /// <summary>Validates the options with the configuration that the calling thread sees. No setting changes.</summary>
    /// <returns>Why they are invalid, as a sentence; null when they are valid.</returns>
    public string? Problem();
}
