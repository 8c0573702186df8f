namespace CloudTicks.Functions.Access;

/// <summary>What a request does; each kind is counted by itself, so that a flood of one leaves room for the others.</summary>
public enum RequestKind
{
    /// <summary>It reads.</summary>
    Read,

    /// <summary>It changes something.</summary>
    Change,

    /// <summary>It brings ticks.</summary>
    Command,

    /// <summary>Nobody knows who asks, and it is refused.</summary>
    Stranger,
}
