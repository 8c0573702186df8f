using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.Ticks.Status;

namespace CloudTicks.Cli.Hub;

/// <param name="Tag">The ETag with its quotes.</param>
/// <param name="Version">The version in force; null when the response is not about a document.</param>
internal sealed record HubResponse(int Status, string? Tag, int? Version, JsonNode? Body)
{
    /// <summary>The body as an object.</summary>
    /// <exception cref="HubProblemException">The response does not come from a hub.</exception>
    public JsonObject Object => Body as JsonObject ?? throw NoHub;

    private static HubProblemException NoHub =>
        new(ExitCodes.Incomplete, "The server at the hub's address is not a CloudTicks hub.", null);

    /// <exception cref="HubProblemException">The response does not come from a hub.</exception>
    public T Read<T>()
    {
        try
        {
            return Object.Deserialize<T>(StatusJson.Lenient) ?? throw NoHub;
        }
        catch (JsonException)
        {
            throw NoHub;
        }
    }
}
