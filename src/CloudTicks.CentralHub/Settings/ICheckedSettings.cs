namespace CloudTicks.CentralHub.Settings;

/// <summary>Options that can be checked against settings that are not in force yet.</summary>
public interface ICheckedSettings
{
    /// <summary>Reads the options from the configuration as the calling thread sees it; nothing comes into force.</summary>
    /// <returns>Why they cannot be used, in a sentence; null when they can.</returns>
    public string? Problem();
}
