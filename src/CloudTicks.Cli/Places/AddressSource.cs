namespace CloudTicks.Cli.Places;

/// <summary>What named a server, by precedence.</summary>
internal enum AddressSource
{
    Option,

    Environment,

    AppHost,

    /// <summary>The default address.</summary>
    Default,
}
