namespace CloudTicks.Cli.Places;

/// <summary>What named a server, in the order in which they count.</summary>
internal enum AddressSource
{
    Option,

    Environment,

    AppHost,

    /// <summary>No source named it: the default address.</summary>
    Default,
}
