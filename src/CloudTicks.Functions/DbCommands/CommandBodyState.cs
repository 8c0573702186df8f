namespace CloudTicks.Functions.DbCommands;

internal enum CommandBodyState
{
    /// <summary>It is there to its end.</summary>
    Whole,

    TooLarge,

    /// <summary>It did not arrive in time.</summary>
    TooSlow,

    /// <summary>Others on their way hold the memory for bodies.</summary>
    NoRoom,

    /// <summary>The sender left, or did not keep to HTTP.</summary>
    Aborted,
}
