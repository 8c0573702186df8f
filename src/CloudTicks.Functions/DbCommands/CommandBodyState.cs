namespace CloudTicks.Functions.DbCommands;

/// <summary>How receiving a body ended.</summary>
internal enum CommandBodyState
{
    /// <summary>It is there to its end.</summary>
    Whole,

    /// <summary>It is longer than a command may be.</summary>
    TooLarge,

    /// <summary>It did not arrive in time.</summary>
    TooSlow,

    /// <summary>Others on their way hold the memory for bodies.</summary>
    NoRoom,

    /// <summary>The sender left, or did not keep to HTTP.</summary>
    Aborted,
}
