namespace CloudTicks.Verification.Findings;

/// <summary>What a check found.</summary>
public enum CheckState
{
    /// <summary>It is as it must be.</summary>
    Pass,

    /// <summary>It is not.</summary>
    Fail,

    /// <summary>It could not be looked at.</summary>
    Unknown,
}
