namespace CloudTicks.Functions.Access;

/// <summary>The kind of a request; each kind has its own limit, so that a flood of one kind does not block the others.</summary>
public enum RequestKind
{
    /// <summary>Reads data.</summary>
    Read,

    /// <summary>Makes a change.</summary>
    Change,

    /// <summary>Sends ticks.</summary>
    Command,

    /// <summary>Has no valid key, or one that must first be read from the table.</summary>
    Unauthenticated,
}
