namespace CloudTicks.Verification.Findings;

/// <summary>The result of a check.</summary>
public enum CheckState
{
    /// <summary>The check passed.</summary>
    Pass,

    /// <summary>The check failed.</summary>
    Fail,

    /// <summary>The check could not be run, or its result is uncertain.</summary>
    Unknown,

    /// <summary>The system lacks the checked part, and the check was not requested by name.</summary>
    Skipped,
}
