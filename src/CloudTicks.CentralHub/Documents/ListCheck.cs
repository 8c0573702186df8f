using CloudTicks.CentralHub.Lists;
using CloudTicks.Ticks;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Checks references to named lists.</summary>
public sealed class ListCheck(NamedLists lists, FaultList faults)
{
    private readonly List<Symbol> _symbols = [];

    /// <summary>The symbols of the lists that were checked.</summary>
    public IReadOnlyList<Symbol> Symbols => _symbols;

    /// <summary>Checks that a list of this name exists and is valid.</summary>
    public void Check(string place, string list)
    {
        // Skip names that were already reported, and likely secrets, because the message about a missing list repeats the name.
        if (faults.Has(place) || SecretDetector.IsSecret(list))
        {
            return;
        }

        try
        {
            _symbols.AddRange(lists.Read(list));
        }
        catch (SymbolListException exception)
        {
            faults.Add(place, exception.Message);
        }
    }
}
