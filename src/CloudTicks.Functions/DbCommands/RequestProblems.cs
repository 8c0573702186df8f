using System.Globalization;
using Microsoft.Extensions.Hosting;

namespace CloudTicks.Functions.DbCommands;

/// <summary>The faults of a command, one per position. The first hundred are kept; the others are only counted.</summary>
internal sealed class RequestProblems
{
    private const int MaxFaults = 100;
    private const int MaxInDetail = 5;

    private readonly List<RequestFault> _faults = [];
    private readonly HashSet<string> _places = [];
    private int _omittedCount;

    public bool Any => _faults.Count > 0;

    /// <summary>The number of faults, including those not kept.</summary>
    public int Total => _faults.Count + _omittedCount;

    /// <summary>The first fault of each position.</summary>
    public IReadOnlyList<RequestFault> Faults => _faults;

    public string Detail
    {
        get
        {
            var first = RequestFault.Sentence(_faults.Take(MaxInDetail));
            var more = _faults.Count - Math.Min(MaxInDetail, _faults.Count) + _omittedCount;
            return more == 0 ? first : string.Create(CultureInfo.InvariantCulture, $"{first} And {more} more.");
        }
    }

    /// <param name="place">A JSON pointer; empty for the whole body.</param>
    public void Add(string place, string sentence)
    {
        if (_faults.Count >= MaxFaults)
        {
            _omittedCount += _places.Contains(place) ? 0 : 1;
        }
        else if (_places.Add(place))
        {
            _faults.Add(new RequestFault(place, sentence));
        }
    }

    public void Clear()
    {
        _faults.Clear();
        _places.Clear();
        _omittedCount = 0;
    }

    public static string Record(int index) => string.Create(CultureInfo.InvariantCulture, $"/params/data/{index}");

    public static string Record(int index, string field) =>
        string.Create(CultureInfo.InvariantCulture, $"/params/data/{index}/{Escape(field)}");

    /// <summary>Escapes a name for a JSON pointer (RFC 6901).</summary>
    public static string Escape(string name) =>
        name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal);
}
