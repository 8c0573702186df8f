namespace CloudTicks.Timescale;

/// <summary>Causes of failures, by the remedy that they need.</summary>
public enum DatabaseProblemKind
{
    /// <summary>The server is down, starting, stopping or unreachable.</summary>
    Unavailable,

    /// <summary>Its disk is full.</summary>
    Full,

    /// <summary>It accepts no more connections.</summary>
    NoConnectionLeft,

    /// <summary>It is a standby or in read-only mode.</summary>
    ReadOnly,

    /// <summary>A lock, a deadlock or a conflict with another transaction. It is usually temporary.</summary>
    Conflict,

    /// <summary>The user, the password or the database is wrong, or a right is missing.</summary>
    NoAccess,

    /// <summary>The server refuses for another reason.</summary>
    Refused,
}
