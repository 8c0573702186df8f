namespace CloudTicks.Timescale;

/// <summary>The kinds of database failures, distinguished by their remedies.</summary>
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

    /// <summary>A lock, a deadlock or a conflict with another transaction; usually temporary.</summary>
    Conflict,

    /// <summary>The user, the password or the database is wrong, or a right is missing.</summary>
    NoAccess,

    /// <summary>The server refuses a statement for another reason.</summary>
    Refused,
}
