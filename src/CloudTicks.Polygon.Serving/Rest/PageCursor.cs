using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>
/// The start of a page, together with the parameters of the first page, which the requests for further pages do not repeat.
/// </summary>
/// <param name="Position">The position of the page in the endpoint's format; null for the first page.</param>
internal sealed record PageCursor(string? Position, IReadOnlyDictionary<string, StringValues> Parameters)
{
    private const string Name = "cursor";

    /// <summary>Reads the cursor of a request, or the request's parameters when it has no cursor.</summary>
    /// <exception cref="RestRequestException">The cursor is invalid.</exception>
    public static PageCursor Of(HttpRequest request)
    {
        if (request.Query[Name] is not [{ Length: > 0 } cursor])
            return new PageCursor(
                null, request.Query.Where(parameter => !IsOneOf(parameter.Key, Name, RestKey.Parameter))
                    .ToDictionary(parameter => parameter.Key, parameter => parameter.Value));
        return TryRead(cursor, out var read) ? read : throw Invalid();
    }

    /// <summary>The position as a number; null for the first page.</summary>
    /// <exception cref="RestRequestException">The position is not a number.</exception>
    public long? Number() => Position is null ? null
        : long.TryParse(Position, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number) ? number
        : throw Invalid();

    /// <summary>The exception for an invalid cursor or position.</summary>
    public static RestRequestException Invalid() => new("'cursor' is not a cursor of this server: request next_url unchanged.");

    public string NextUrl(HttpRequest request, long position) => NextUrl(request, position.ToString(CultureInfo.InvariantCulture));

    /// <summary>The absolute address of the page at a position, without the key.</summary>
    /// <param name="position">A text without a question mark.</param>
    public string NextUrl(HttpRequest request, string position) =>
        $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}"
            + $"?{Name}={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(position + QueryString.Create(Parameters)))}";

    private static bool TryRead(string text, [NotNullWhen(true)] out PageCursor? cursor)
    {
        cursor = null;
        if (!Base64Url.IsValid(text))
            return false;
        var decoded = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        var end = decoded.IndexOf('?', StringComparison.Ordinal);
        cursor = end < 0
            ? new PageCursor(decoded, new Dictionary<string, StringValues>())
            : new PageCursor(decoded[..end], QueryHelpers.ParseQuery(decoded[end..]));
        return true;
    }

    // Query names are case-insensitive: the key must not be copied into an address under any spelling of its name.
    private static bool IsOneOf(string name, params ReadOnlySpan<string> names)
    {
        foreach (var one in names)
            if (name.Equals(one, StringComparison.OrdinalIgnoreCase))
                return true;
        return false;
    }
}
