using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CloudTicks.CentralHub.Lists;

namespace CloudTicks.CentralHub.Documents;

/// <summary>A request to register a service: its schema, and its document before the first change.</summary>
public sealed partial class ServiceRegistration
{
    private ServiceRegistration(string service, JsonObject schema, JsonObject defaults)
    {
        (Schema, Defaults) = (schema, defaults);
        Document = new ServiceDocument(new RegisteredDefinition(service, schema.ToJsonString(), defaults.ToJsonString()));
    }

    /// <summary>The schema.</summary>
    public JsonObject Schema { get; }

    /// <summary>The document before its first change.</summary>
    public JsonObject Defaults { get; }

    /// <summary>The definition of the service's document.</summary>
    public ServiceDocument Document { get; }

    /// <summary>Returns whether a name may be registered. Names that begin with cloudticks are reserved.</summary>
    public static bool IsName(string? service) =>
        service is not null && Name().IsMatch(service) && !service.StartsWith("cloudticks", StringComparison.Ordinal);

    /// <summary>Parses <c>{"schema":{..},"defaults":{..}}</c>.</summary>
    /// <returns>The registration; null when the request has faults.</returns>
    public static async Task<ServiceRegistration?> ReadAsync(
        string service, JsonObject content, NamedLists lists, FaultList faults, CancellationToken cancellationToken)
    {
        foreach (var (name, _) in content.Where(field => field.Key is not ("schema" or "defaults")))
        {
            faults.Add(JsonPointer.Of("", name), "There is no such field here. The fields are schema and defaults.");
        }

        var (schema, defaults) = (Part(content, "schema", faults), Part(content, "defaults", faults));
        if (schema is not null)
        {
            var element = JsonSerializer.SerializeToElement(schema);
            SecretDetector.Check(element, "/schema", faults);
            new SchemaSyntaxCheck(element, "/schema", faults).Check();
        }

        if (schema is null || defaults is null || !faults.IsEmpty)
        {
            return null;
        }

        var registration = new ServiceRegistration(service, (JsonObject)schema.DeepClone(), (JsonObject)defaults.DeepClone());
        foreach (var fault in await registration.Document.CheckAsync(defaults, lists, cancellationToken))
        {
            faults.Add("/defaults" + fault.Place, fault.Detail);
        }

        return faults.IsEmpty ? registration : null;
    }

    private static JsonObject? Part(JsonObject content, string name, FaultList faults)
    {
        if (content[name] is JsonObject part)
        {
            return part;
        }

        faults.Add(JsonPointer.Of("", name), content.ContainsKey(name) ? "It must be an object." : $"'{name}' is missing.");
        return null;
    }

    [GeneratedRegex(@"^[a-z][a-z0-9_-]{0,62}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Name();
}
