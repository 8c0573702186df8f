using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace CloudTicks.Polygon.Serving.Rest;

internal static class PageParameters
{
    /// <exception cref="RestRequestException">The limit is not a number from 1 to the maximum.</exception>
    public static int Limit(this IReadOnlyDictionary<string, StringValues> parameters, int defaultLimit, int maxLimit)
    {
        if (parameters.Text("limit") is not { } text)
            return defaultLimit;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit >= 1 && limit <= maxLimit
            ? limit
            : throw new RestRequestException($"'limit' must be a number from 1 to {maxLimit}, not '{text}'.");
    }

    /// <summary>Whether the parameter <c>order</c> is ascending.</summary>
    /// <exception cref="RestRequestException">The order is neither asc nor desc.</exception>
    public static bool IsAscending(this IReadOnlyDictionary<string, StringValues> parameters, bool isAscendingByDefault) =>
        parameters.Choice("order", "asc", "desc") switch
        {
            null => isAscendingByDefault,
            var order => order == "asc",
        };

    /// <summary>The value of a parameter with a few allowed values; null when it is absent.</summary>
    /// <exception cref="RestRequestException">The value is not allowed.</exception>
    public static string? Choice(this IReadOnlyDictionary<string, StringValues> parameters, string name, params string[] allowed)
    {
        var text = parameters.Text(name);
        return text is null || allowed.Contains(text)
            ? text
            : throw new RestRequestException($"'{name}' must be {string.Join(" or ", allowed)}, not '{text}'.");
    }

    public static string? Text(this IReadOnlyDictionary<string, StringValues> parameters, string name) =>
        parameters.TryGetValue(name, out var values) && values is [.., { Length: > 0 } text] ? text : null;
}
