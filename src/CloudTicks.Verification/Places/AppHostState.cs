namespace CloudTicks.Verification.Places;

/// <summary>How far an AppHost has come.</summary>
public enum AppHostState
{
    /// <summary>It holds the data folder, and not everything runs yet.</summary>
    Starting,

    /// <summary>Everything that the feed needs runs.</summary>
    Running,

    /// <summary>It drains and stops what it has started.</summary>
    Stopping,
}
