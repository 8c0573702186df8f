namespace CloudTicks.CentralHub.Documents;

/// <summary>The faults that were found, one for each place: what is wrong with a value first hides what would follow from it.</summary>
public sealed class FaultList
{
    private const int Most = 1_000;

    private readonly List<DocumentFault> _faults = [];
    private readonly HashSet<string> _places = new(StringComparer.Ordinal);

    /// <summary>The faults, in the order in which they were found.</summary>
    public IReadOnlyList<DocumentFault> Faults => _faults;

    /// <summary>Whether nothing was found.</summary>
    public bool IsEmpty => _faults.Count == 0;

    /// <summary>Adds a fault, unless the place has one.</summary>
    public void Add(string place, string detail)
    {
        if (_faults.Count == Most)
        {
            _faults.Add(new DocumentFault("", $"There are more faults than these {Most}."));
        }
        else if (_faults.Count < Most && _places.Add(place))
        {
            _faults.Add(new DocumentFault(place, detail));
        }
    }

    /// <summary>Whether a value has been found wrong.</summary>
    public bool Has(string place) => _places.Contains(place);
}
