using System.Globalization;

namespace CloudTicks.Functions.DbCommands;

/// <summary>What is wrong with a command, by the place in it. The first hundred places are kept, the others counted.</summary>
internal sealed class RequestProblems
{
    private const int MostKept = 100;
    private const int MostInDetail = 5;

    private readonly Dictionary<string, string[]> _problems = [];
    private int _more;

    public bool Any => _problems.Count > 0;

    /// <summary>All places, also those that are counted alone.</summary>
    public int Total => _problems.Count + _more;

    /// <summary>By place; each has one sentence, the first.</summary>
    public IDictionary<string, string[]> ByPlace => _problems;

    public string Detail
    {
        get
        {
            var first = string.Join(' ', _problems.Take(MostInDetail).Select(problem => $"{problem.Key}: {problem.Value[0]}"));
            var more = _problems.Count - Math.Min(MostInDetail, _problems.Count) + _more;
            return more == 0 ? first : string.Create(CultureInfo.InvariantCulture, $"{first} And {more} more.");
        }
    }

    public void Add(string place, string sentence)
    {
        if (_problems.Count < MostKept)
        {
            _problems.TryAdd(place, [sentence]);
        }
        else if (!_problems.ContainsKey(place))
        {
            _more++;
        }
    }

    public void Clear()
    {
        _problems.Clear();
        _more = 0;
    }

    public static string Record(int index) => string.Create(CultureInfo.InvariantCulture, $"params.data[{index}]");

    public static string Record(int index, string field) => string.Create(CultureInfo.InvariantCulture, $"params.data[{index}].{field}");
}
