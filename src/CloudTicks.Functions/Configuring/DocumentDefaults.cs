using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using Microsoft.Extensions.Configuration;

namespace CloudTicks.Functions.Configuring;

/// <summary>The program's initial documents, each patched by <c>CentralHub:Defaults:{service}</c>, a JSON merge patch.</summary>
public sealed class DocumentDefaults
{
    internal const string Setting = "CentralHub:Defaults";

    private readonly Dictionary<string, StoredDocument> _documents;

    /// <summary>Reads the defaults.</summary>
    /// <exception cref="FormatException">The value of a setting is not a JSON object, or the setting names an unknown service.</exception>
    public DocumentDefaults(DocumentCatalog catalog, IConfiguration configuration)
    {
        if (configuration.GetSection(Setting).GetChildren().FirstOrDefault(entry => catalog.Find(entry.Key) is null) is { } stranger)
        {
            throw new FormatException($"{Setting}:{stranger.Key} names no service. The services are {catalog.Names}.");
        }

        _documents = catalog.All.ToDictionary(
            document => document.Service,
            document =>
                StoredDocument.OfDefaults(
                    document.Service, DocumentJson.Write(ApplyPatch(document, configuration[$"{Setting}:{document.Service}"]))));
    }

    /// <summary>Returns the defaults of a service.</summary>
    public StoredDocument Of(string service) => _documents[service];

    private static JsonObject ApplyPatch(ServiceDocument document, string? patch)
    {
        if (string.IsNullOrWhiteSpace(patch))
        {
            return document.Defaults();
        }

        try
        {
            return JsonNode.Parse(patch) is JsonObject changes
                ? (JsonObject)MergePatch.Apply(document.Defaults(), changes)!
                : throw new FormatException($"{Setting}:{document.Service} is not a JSON object.");
        }
        catch (JsonException exception)
        {
            throw new FormatException($"{Setting}:{document.Service} is not JSON: {exception.Message}", exception);
        }
    }
}
