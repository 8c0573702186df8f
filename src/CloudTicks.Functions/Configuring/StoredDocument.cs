using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.CentralHub.Store.Documents;

namespace CloudTicks.Functions.Configuring;

/// <summary>A version of a service's document. Version 0 is the defaults, which have no author.</summary>
public sealed record StoredDocument(ConfigVersion Version)
{
    private const string DefaultsAction = "defaults";

    /// <summary>The version's number.</summary>
    public int Number => Version.Version;

    /// <summary>The ETag, with quotes.</summary>
    public string Tag { get; } = DocumentTag.Of(Version.Version, Version.Document);

    /// <summary>Parses the document.</summary>
    public JsonObject Read() => DocumentJson.Parse(Version.Document);

    internal static StoredDocument OfDefaults(string service, string json) =>
        new(new ConfigVersion(service, 0, json, DefaultsAction, "", null, [], 0));
}
