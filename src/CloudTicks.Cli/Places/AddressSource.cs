namespace CloudTicks.Cli.Places;

/// <summary>Where the address of a server comes from, by precedence.</summary>
internal enum AddressSource
{
    Option,

    Environment,

    AppHost,

    /// <summary>The default address.</summary>
    Default,
}
