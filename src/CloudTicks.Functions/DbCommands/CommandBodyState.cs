namespace CloudTicks.Functions.DbCommands;

internal enum CommandBodyState
{
    /// <summary>The body is complete.</summary>
    Complete,

    TooLarge,

    /// <summary>The body did not arrive in time.</summary>
    TooSlow,

    /// <summary>Other bodies hold the memory.</summary>
    NoRoom,

    /// <summary>The sender disconnected, or violated HTTP.</summary>
    Aborted,
}
