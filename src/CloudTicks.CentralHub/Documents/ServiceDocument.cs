using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.CentralHub.Documents;

/// <summary>What the document of one service may hold, and what it means.</summary>
public sealed class ServiceDocument
{
    private const string Extension = ".json";

    private static readonly ServiceDocument[] Known = [new(ServiceNames.Collector), new(ServiceNames.Functions)];

    private readonly string _defaults;

    private ServiceDocument(string service)
    {
        Service = service;
        _defaults = Resource($"{service}.defaults{Extension}");
        Schema = Resource($"{service}.schema{Extension}");
    }

    /// <summary>The services that there are.</summary>
    public static IReadOnlyList<ServiceDocument> All => Known;

    /// <summary>The service's name.</summary>
    public string Service { get; }

    /// <summary>Its JSON schema (draft 2020-12), as it is published.</summary>
    public string Schema { get; }

    /// <summary>The document of a service.</summary>
    /// <param name="service">Its name.</param>
    /// <returns>Null when there is no such service.</returns>
    public static ServiceDocument? Find(string service) => Array.Find(Known, document => document.Service == service);

    /// <summary>The document before anybody changed it.</summary>
    /// <returns>A copy of its own.</returns>
    public JsonObject Defaults() => JsonNode.Parse(_defaults)!.AsObject();

    /// <summary>Finds everything that is wrong with a document: by the schema, and by what its values mean.</summary>
    /// <param name="document">The whole document.</param>
    /// <param name="lists">The lists of symbols that there are.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>The faults; none when it may be stored.</returns>
    public Task<IReadOnlyList<DocumentFault>> CheckAsync(JsonObject document, NamedLists lists, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<DocumentFault>>(
            document.ContainsKey("operational") || document.Count == 0 ? [] : [new DocumentFault("", $"It is no document of {Service}.")]);

    /// <summary>Tells in plain terms what a change means: symbols that are subscribed and unsubscribed, limits that change.</summary>
    /// <param name="before">The document that is in force.</param>
    /// <param name="after">The one that follows.</param>
    /// <param name="lists">The lists of symbols that there are.</param>
    /// <param name="now">When it is asked, for flags with a time window.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <returns>A sentence or a name with two values each; none when nothing changes.</returns>
    public Task<IReadOnlyList<string>> DifferenceAsync(
        JsonObject before, JsonObject after, NamedLists lists, DateTimeOffset now, CancellationToken cancellationToken) =>
        Task.FromResult<IReadOnlyList<string>>(JsonNode.DeepEquals(before, after) ? [] : [$"The document of {Service} changes."]);

    /// <summary>
    /// The settings of the service's process that a document stands for, <c>Collector:Symbols</c> and the like. Names that this program does not know are left
    /// out: a document that was once stored stays loadable.
    /// </summary>
    /// <param name="document">The document.</param>
    /// <returns>The settings. A list is one text with commas, so that it takes the place of a lower one whole; an empty text where a lower one must not hold.</returns>
    public IReadOnlyDictionary<string, string?> ToSettings(JsonObject document)
    {
        ArgumentNullException.ThrowIfNull(document);
        var settings = new Dictionary<string, string?>(StringComparer.OrdinalIgnoreCase);
        if (Service == ServiceNames.Collector && document["operational"]?["symbols"] is JsonArray symbols)
        {
            settings["Collector:Symbols"] = string.Join(',', symbols.Select(symbol => symbol?.ToString()));
        }

        return settings;
    }

    private static string Resource(string name)
    {
        using var reader = new StreamReader(typeof(ServiceDocument).Assembly.GetManifestResourceStream(name)
            ?? throw new InvalidOperationException($"The program lacks its resource {name}."));
        return reader.ReadToEnd();
    }
}
