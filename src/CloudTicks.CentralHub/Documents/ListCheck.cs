using CloudTicks.CentralHub.Lists;
using CloudTicks.Ticks;

namespace CloudTicks.CentralHub.Documents;

/// <summary>Checks the named lists that a document names.</summary>
public sealed class ListCheck(NamedLists lists, FaultList faults)
{
    private readonly List<Symbol> _symbols = [];

    /// <summary>The symbols of the lists that were checked.</summary>
    public IReadOnlyList<Symbol> Symbols => _symbols;

    /// <summary>Checks a name.</summary>
    public void Check(string place, string list)
    {
        // The schema and the search for secrets have reported such a name already; the sentence about a missing list would repeat it.
        if (faults.Has(place) || SecretLook.IsSecret(list))
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
