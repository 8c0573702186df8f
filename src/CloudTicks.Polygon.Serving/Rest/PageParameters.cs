using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace CloudTicks.Polygon.Serving.Rest;

internal static class PageParameters
{
    /// <exception cref="RestRequestException">It is not a number of 1 to the largest.</exception>
    public static int Limit(this IReadOnlyDictionary<string, StringValues> parameters, int usual, int largest)
    {
        if (parameters.Text("limit") is not { } text)
            return usual;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= largest
            ? limit
            : throw new RestRequestException($"'limit' must be a number from 1 to {largest}, not '{text}'.");
    }

    /// <summary>Whether the parameter <c>order</c> asks for rising order.</summary>
    /// <exception cref="RestRequestException">It is neither asc nor desc.</exception>
    public static bool IsAscending(this IReadOnlyDictionary<string, StringValues> parameters, bool usual) =>
        parameters.Choice("order", "asc", "desc") switch
        {
            null => usual,
            var order => order == "asc",
        };

    /// <summary>The value of a parameter that is one of a few words; null when it is not given.</summary>
    /// <exception cref="RestRequestException">It is another.</exception>
    public static string? Choice(this IReadOnlyDictionary<string, StringValues> parameters, string name, params string[] words)
    {
        var text = parameters.Text(name);
        return text is null || words.Contains(text)
            ? text
            : throw new RestRequestException($"'{name}' must be {string.Join(" or ", words)}, not '{text}'.");
    }

    public static string? Text(this IReadOnlyDictionary<string, StringValues> parameters, string name) =>
        parameters.TryGetValue(name, out var values) && values is [.., { Length: > 0 } text] ? text : null;
}
