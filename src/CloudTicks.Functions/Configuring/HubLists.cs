using CloudTicks.CentralHub.Lists;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.Functions.Configuring;

/// <summary>The symbol lists that documents can refer to: the built-in ones, and those of <c>CentralHub:ListFolder</c>.</summary>
public sealed class HubLists(IConfiguration configuration)
{
    /// <summary>Returns the current lists.</summary>
    /// <exception cref="SymbolListException">The folder cannot be read.</exception>
    public NamedLists GetCurrent() => new(configuration["CentralHub:ListFolder"]);
}
