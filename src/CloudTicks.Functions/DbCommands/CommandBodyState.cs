namespace CloudTicks.Functions.DbCommands;

internal enum CommandBodyState
{
    /// <summary>The body is complete.</summary>
    Complete,

    TooLarge,

    /// <summary>The body did not arrive in time.</summary>
    TooSlow,

    /// <summary>Other bodies occupy the memory, or too many are being received.</summary>
    NoRoom,

    /// <summary>The sender disconnected, or violated HTTP.</summary>
    Aborted,
}
