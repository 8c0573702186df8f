using System.Buffers.Text;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Primitives;

namespace CloudTicks.Polygon.Serving.Rest;

/// <summary>Where a page begins: it carries the parameters of the first page, as the next one is asked for without them.</summary>
/// <param name="Position">What the endpoint counts; null for the first page.</param>
internal sealed record PageCursor(long? Position, IReadOnlyDictionary<string, StringValues> Parameters)
{
    private const string Name = "cursor";
    private const string Key = "apiKey";

    /// <summary>Reads the cursor of a request, or its own parameters when it has none.</summary>
    /// <exception cref="RestRequestException">The cursor is none of ours.</exception>
    public static PageCursor Of(HttpRequest request)
    {
        if (request.Query[Name] is not [{ Length: > 0 } cursor])
            return new PageCursor(
                null, request.Query.Where(parameter => parameter.Key is not (Name or Key))
                    .ToDictionary(parameter => parameter.Key, parameter => parameter.Value));
        if (TryRead(cursor, out var read))
            return read;
        throw new RestRequestException("'cursor' is not a cursor of this server: follow next_url as it is.");
    }

    /// <summary>The address of the page that begins at a position: absolute, without the key.</summary>
    public string NextUrl(HttpRequest request, long position)
    {
        var text = position.ToString(CultureInfo.InvariantCulture) + QueryString.Create(Parameters);
        return $"{request.Scheme}://{request.Host}{request.PathBase}{request.Path}"
            + $"?{Name}={Base64Url.EncodeToString(Encoding.UTF8.GetBytes(text))}";
    }

    private static bool TryRead(string text, [NotNullWhen(true)] out PageCursor? cursor)
    {
        cursor = null;
        if (!Base64Url.IsValid(text))
            return false;
        var decoded = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(text));
        var end = decoded.IndexOf('?', StringComparison.Ordinal);
        if (!long.TryParse(
            end < 0 ? decoded : decoded[..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var position))
            return false;
        cursor = new PageCursor(position, end < 0 ? new Dictionary<string, StringValues>() : QueryHelpers.ParseQuery(decoded[end..]));
        return true;
    }
}
