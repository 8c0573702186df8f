namespace CloudTicks.Verification.Places;

/// <summary>The state of an AppHost.</summary>
public enum AppHostState
{
    /// <summary>AppHost holds the data folder; not every part runs yet.</summary>
    Starting,

    /// <summary>Every part that the feed needs runs.</summary>
    Running,

    /// <summary>AppHost drains and stops its parts.</summary>
    Stopping,
}
