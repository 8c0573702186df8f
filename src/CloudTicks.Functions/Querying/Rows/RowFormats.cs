using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;

namespace CloudTicks.Functions.Querying.Rows;

/// <summary>
/// Chooses the response format: the parameter <c>format</c>, else the best supported one in the Accept header; JSON if neither is present.
/// </summary>
internal static class RowFormats
{
    private const string Hint = "It must be json, ndjson or csv.";

    private static readonly (RowFormat Format, string MediaType)[] MediaTypes =
    [
        (RowFormat.Json, "application/json"),
        (RowFormat.NdJson, "application/x-ndjson"),
        (RowFormat.NdJson, "application/ndjson"),
        (RowFormat.Csv, "text/csv"),
    ];

    /// <summary>Chooses the format; an unsupported one is reported as a problem with the parameters.</summary>
    public static RowFormat Choose(QueryParameters parameters, HttpRequest request)
    {
        if (parameters.Text("format") is not null)
        {
            parameters.TryGet<RowFormat>("format", TryParse, Hint, out var format);
            return format;
        }

        // A malformed header is ignored.
        if (!MediaTypeHeaderValue.TryParseList(request.Headers.Accept, out var accepted) || accepted.Count == 0)
        {
            return RowFormat.Json;
        }

        foreach (var wanted in accepted.Where(type => type.Quality is not 0).OrderByDescending(type => type.Quality ?? 1))
        {
            foreach (var (format, mediaType) in MediaTypes)
            {
                if (new MediaTypeHeaderValue(mediaType).IsSubsetOf(wanted))
                {
                    return format;
                }
            }
        }

        parameters.Refuse("Accept", "The supported types are application/json, application/x-ndjson and text/csv.");
        return RowFormat.Json;
    }

    public static string ContentType(this RowFormat format) => format switch
    {
        RowFormat.NdJson => "application/x-ndjson",
        RowFormat.Csv => "text/csv; charset=utf-8; header=present",
        _ => "application/json",
    };

    private static bool TryParse(string text, out RowFormat format)
    {
        (var isOne, format) = text switch
        {
            "json" => (true, RowFormat.Json),
            "ndjson" => (true, RowFormat.NdJson),
            "csv" => (true, RowFormat.Csv),
            _ => (false, RowFormat.Json),
        };
        return isOne;
    }
}
