namespace CloudTicks.CentralHub.Settings;

/// <summary>Settings of whichever kind that may be refused while the program runs; the older ones then stay in force.</summary>
public interface IRefusedSettings
{
    /// <summary>What is wrong with the newest; null when they are in force.</summary>
    public string? Refused { get; }

    /// <summary>How many were refused so far.</summary>
    public long Refusals { get; }
}
