using System.Text.Json.Nodes;

namespace CloudTicks.Cli.Hub;

/// <param name="Tag">The ETag with its quotes.</param>
/// <param name="Version">The version of the document that is in force; null when the answer is about something else.</param>
internal sealed record HubAnswer(int Status, string? Tag, int? Version, JsonNode? Body)
{
    /// <summary>The object in it.</summary>
    /// <exception cref="HubProblemException">The answer is none of a hub.</exception>
    public JsonObject Object => Body as JsonObject
        ?? throw new HubProblemException(ExitCodes.Incomplete, "What answers at the hub's address is no hub of CloudTicks.", null);
}
