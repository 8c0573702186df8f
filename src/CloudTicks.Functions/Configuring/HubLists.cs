using CloudTicks.CentralHub.Lists;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.Functions.Configuring;

/// <summary>
/// The named lists of symbols that documents may name: those of the program, and those of the folder <c>CentralHub:ListFolder</c>.
/// </summary>
public sealed class HubLists(IConfiguration configuration)
{
    /// <summary>The lists that there are now.</summary>
    /// <exception cref="SymbolListException">The folder cannot be read.</exception>
    public NamedLists Now() => new(configuration["CentralHub:ListFolder"]);
}
