namespace CloudTicks.Timescale;

/// <summary>Causes of failures, by the remedy that they need.</summary>
public enum DatabaseProblemKind
{
    /// <summary>The server is down, starting, stopping or unreachable.</summary>
    Unavailable,

    /// <summary>The server's disk is full.</summary>
    Full,

    /// <summary>The server accepts no more connections.</summary>
    NoConnectionLeft,

    /// <summary>The server is a standby or in read-only mode.</summary>
    ReadOnly,

    /// <summary>A lock, a deadlock or a conflict with another transaction. It is usually temporary.</summary>
    Conflict,

    /// <summary>The user, the password or the database is wrong, or a right is missing.</summary>
    NoAccess,

    /// <summary>The server refuses for another reason.</summary>
    Refused,
}
