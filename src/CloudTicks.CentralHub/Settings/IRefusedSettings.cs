namespace CloudTicks.CentralHub.Settings;

/// <summary>Settings that may be refused while the program runs. The previous settings are then kept.</summary>
public interface IRefusedSettings
{
    /// <summary>Why the newest settings are refused; null when they are in force.</summary>
    public string? Refused { get; }

    /// <summary>Number of refusals so far.</summary>
    public long Refusals { get; }
}
