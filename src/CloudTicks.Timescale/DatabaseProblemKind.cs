namespace CloudTicks.Timescale;

/// <summary>Causes that ask for different remedies.</summary>
public enum DatabaseProblemKind
{
    /// <summary>The server is down, starts, stops, or cannot be reached.</summary>
    Away,

    /// <summary>Its disk is full.</summary>
    Full,

    /// <summary>It takes no more connections.</summary>
    NoConnectionLeft,

    /// <summary>It is a standby, or set to read-only.</summary>
    ReadOnly,

    /// <summary>A lock, a deadlock or a conflict with another transaction; it passes mostly by itself.</summary>
    InTheWay,

    /// <summary>The user, the password or the database is not right.</summary>
    NoAccess,

    /// <summary>It refuses for another reason.</summary>
    Refused,
}
