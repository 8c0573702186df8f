namespace CloudTicks.CentralHub.Documents;

/// <summary>The faults that were found, one for each place: what is wrong with a value first hides what would follow from it.</summary>
public sealed class FaultList
{
    private const int Most = 1_000;

    private readonly List<DocumentFault> _faults = [];
    private readonly List<(DocumentFault Fault, string Subject)> _doubts = [];
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

    /// <summary>Adds what a caller may insist on: it is a fault, unless the document that is in force has the same already.</summary>
    /// <param name="subject">What is doubtful, wherever in the document it is.</param>
    public void AddDoubt(string place, string subject, string detail) => _doubts.Add((new DocumentFault(place, detail), subject));

    /// <summary>Makes faults of the doubts.</summary>
    /// <param name="trusted">What was found in the document whose doubtful values are accepted.</param>
    internal void AddDoubts(FaultList trusted)
    {
        var known = trusted._doubts.Select(doubt => doubt.Subject).ToHashSet(StringComparer.Ordinal);
        foreach (var (fault, _) in _doubts.Where(doubt => !known.Contains(doubt.Subject)))
        {
            Add(fault.Place, fault.Detail);
        }
    }

    /// <summary>Whether a value has been found wrong.</summary>
    public bool Has(string place) => _places.Contains(place);
}
