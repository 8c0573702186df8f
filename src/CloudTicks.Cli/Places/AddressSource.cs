namespace CloudTicks.Cli.Places;

/// <summary>The sources of a server's address, in order of precedence.</summary>
internal enum AddressSource
{
    Option,

    Environment,

    AppHost,

    /// <summary>The default address.</summary>
    Default,
}
