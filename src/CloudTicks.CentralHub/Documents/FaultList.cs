namespace CloudTicks.CentralHub.Documents;

/// <summary>The faults of a document, at most one per location, because further faults are often consequences of the first.</summary>
public sealed class FaultList
{
    private const int MaxFaults = 1_000;

    private readonly List<DocumentFault> _faults = [];
    private readonly List<(DocumentFault Fault, string Subject)> _doubts = [];
    private readonly HashSet<string> _places = new(StringComparer.Ordinal);

    /// <summary>The faults, in the order in which they were found.</summary>
    public IReadOnlyList<DocumentFault> Faults => _faults;

    /// <summary>Whether the document has no faults.</summary>
    public bool IsEmpty => _faults.Count == 0;

    /// <summary>Adds a fault, unless the location already has one.</summary>
    public void Add(string place, string detail)
    {
        if (_faults.Count == MaxFaults)
        {
            _faults.Add(new DocumentFault("", $"There are more than {MaxFaults} faults."));
        }
        else if (_faults.Count < MaxFaults && _places.Add(place))
        {
            _faults.Add(new DocumentFault(place, detail));
        }
    }

    /// <summary>
    /// Adds a doubt: a fault that a caller can override, such as a symbol that looks misspelt. A doubt counts as a fault, unless the
    /// document that the caller trusts has the same doubt.
    /// </summary>
    /// <param name="subject">The doubtful value, independent of its location.</param>
    public void AddDoubt(string place, string subject, string detail) => _doubts.Add((new DocumentFault(place, detail), subject));

    /// <summary>Adds the doubts as faults, except those that a trusted document also has.</summary>
    /// <param name="trusted">The faults and doubts of the trusted document.</param>
    internal void AddDoubts(FaultList trusted)
    {
        var known = trusted._doubts.Select(doubt => doubt.Subject).ToHashSet(StringComparer.Ordinal);
        foreach (var (fault, _) in _doubts.Where(doubt => !known.Contains(doubt.Subject)))
        {
            Add(fault.Place, fault.Detail);
        }
    }

    /// <summary>Returns whether a location has a fault.</summary>
    public bool Has(string place) => _places.Contains(place);
}
