using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Microsoft.Extensions.Hosting;

/// <summary>Reads the query parameters of a request, and collects the errors by parameter name.</summary>
public sealed class QueryParameters
{
    private readonly IQueryCollection _query;
    private readonly List<RequestFault> _faults = [];

    /// <summary>Wraps a request's query parameters.</summary>
    /// <param name="known">The supported names; any other name is an error.</param>
    public QueryParameters(IQueryCollection query, params string[] known)
    {
        _query = query;
        foreach (var name in query.Keys.Where(name => !known.Contains(name, StringComparer.OrdinalIgnoreCase)))
        {
            Refuse(name, $"Unknown parameter; the parameters are: {string.Join(", ", known)}.");
        }
    }

    /// <summary>Parses a value.</summary>
    /// <param name="value">The parsed value.</param>
    public delegate bool TryParse<T>(string text, out T value);

    /// <summary>The errors; empty if there are none.</summary>
    public IReadOnlyList<RequestFault> Faults => _faults;

    /// <summary>The raw value of a parameter; null if it is missing or given more than once.</summary>
    public string? Text(string name)
    {
        var values = _query[name];
        if (values.Count > 1)
        {
            Refuse(name, "The parameter is given more than once.");
        }

        return values.Count == 1 ? values[0] : null;
    }

    /// <summary>Parses the value of a parameter. An invalid value is recorded as a fault.</summary>
    /// <param name="value">The parsed value.</param>
    public bool TryGet<T>(string name, TryParse<T> tryParse, string hint, out T? value)
    {
        value = default;
        if (Text(name) is not { } text)
        {
            return false;
        }

        if (tryParse(text, out var read))
        {
            value = read;
            return true;
        }

        Refuse(name, hint);
        return false;
    }

    /// <summary>The parameter <c>limit</c>, a whole number from 1 to a maximum.</summary>
    /// <param name="defaultLimit">The default, used if the parameter is missing or invalid.</param>
    public int Limit(int defaultLimit, int maxLimit)
    {
        var isValid = TryGet<int>(
            "limit", (text, out number) => int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number) && number >= 1
                && number <= maxLimit,
            $"It must be a whole number from 1 to {maxLimit}.", out var limit);
        return isValid ? limit : defaultLimit;
    }

    /// <summary>Records that a parameter is invalid; only the first message for each parameter is kept.</summary>
    public void Refuse(string name, string reason)
    {
        if (!_faults.Exists(fault => fault.Place == name))
        {
            _faults.Add(new RequestFault(name, reason));
        }
    }
}
