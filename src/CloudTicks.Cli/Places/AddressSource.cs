namespace CloudTicks.Cli.Places;

/// <summary>What named a server, in the order in which they count.</summary>
internal enum AddressSource
{
    /// <summary>An option of the command line.</summary>
    Option,

    /// <summary>A variable of the environment.</summary>
    Environment,

    /// <summary>The AppHost that was found.</summary>
    AppHost,

    /// <summary>No source named it: the default address.</summary>
    Default,
}
