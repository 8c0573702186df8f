using CloudTicks.CentralHub.Lists;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.Functions.Configuring;

/// <summary>The lists that documents may name: the program's, and those of <c>CentralHub:ListFolder</c>.</summary>
public sealed class HubLists(IConfiguration configuration)
{
    /// <summary>The lists that there are now.</summary>
    /// <exception cref="SymbolListException">The folder cannot be read.</exception>
    public NamedLists Now() => new(configuration["CentralHub:ListFolder"]);
}
