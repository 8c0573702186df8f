using System.Net;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using ServiceDefaults.Clients;

namespace CloudTicks.Cli.Hub;

internal static class HubProblem
{
    public static HubProblemException Of(HttpStatusCode status, string text, TimeSpan? retryAfter)
    {
        var sentences = new StringBuilder();
        var problem = Read(text);
        sentences.Append(Sentence(problem, "title") ?? $"The hub answers {(int)status}.");
        var errors = Errors(problem).ToArray();
        foreach (var (place, detail) in errors)
        {
            sentences.Append("\n  ").Append(place.Length > 0 ? $"{place}: " : "").Append(detail);
        }

        if (errors.Length == 0 && Sentence(problem, "detail") is { } more)
        {
            sentences.Append(' ').Append(more);
        }

        var code = Code(status);
        if (code == ExitCodes.NotAllowed)
        {
            sentences.Append($" Set the key in the environment variable {ServiceKey.Variable}.");
        }
        else if (code == ExitCodes.Unavailable && retryAfter is { } pause)
        {
            sentences.Append($" Try again in {pause.TotalSeconds:0} s.");
        }

        return new HubProblemException(code, sentences.ToString(), problem is null ? null : text);
    }

    private static int Code(HttpStatusCode status) => status switch
    {
        HttpStatusCode.PreconditionFailed or HttpStatusCode.PreconditionRequired or HttpStatusCode.Conflict => ExitCodes.Conflict,
        HttpStatusCode.BadRequest or HttpStatusCode.RequestEntityTooLarge or HttpStatusCode.UnprocessableEntity
            or HttpStatusCode.UnsupportedMediaType => ExitCodes.Refused,
        HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden => ExitCodes.NotAllowed,
        HttpStatusCode.TooManyRequests or HttpStatusCode.RequestTimeout or >= HttpStatusCode.InternalServerError => ExitCodes.Unavailable,
        _ => ExitCodes.Incomplete,
    };

    private static JsonObject? Read(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // The body is a proxy's page, or empty.
            return null;
        }
    }

    /// <summary>The faults with their positions: pointers into the body, or parameter names.</summary>
    private static IEnumerable<(string Place, string Detail)> Errors(JsonObject? problem) =>
        (problem?["errors"] as JsonArray ?? []).OfType<JsonObject>()
            .Select(fault => (Sentence(fault, "pointer") ?? Sentence(fault, "parameter") ?? "", Sentence(fault, "detail") ?? ""));

    private static string? Sentence(JsonObject? problem, string name) =>
        problem?[name] is JsonValue value && value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : null;
}
