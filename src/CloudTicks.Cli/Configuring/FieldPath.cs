using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using CloudTicks.CentralHub.Documents;
using CloudTicks.Cli.Hub;
using CloudTicks.ServiceDocuments;
using CloudTicks.Ticks.Symbols;

namespace CloudTicks.Cli.Configuring;

/// <summary>The path of a value in a document: <c>operational.symbols</c>, a field's name alone, or a JSON pointer.</summary>
internal sealed class FieldPath
{
    private const string Operational = "operational";

    private static readonly string[] Roots = [Operational, "feature_management"];

    private readonly string[] _names;

    private FieldPath(string[] names) => _names = names;

    /// <summary>
    /// Parses a path. The prefix <c>operational.</c> may be omitted; in a registered service's document, only for declared fields.
    /// </summary>
    public static FieldPath Parse(string text, ServiceDocument document)
    {
        string[] names = text.StartsWith('/')
            ? [.. text[1..].Split('/')
                .Select(name => name.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal))]
            : text.Split('.');
        var isRegistered = KnownServices.Documents.Find(document.Service) is null;
        return new FieldPath(
            Roots.Contains(names[0]) || text.StartsWith('/') || (isRegistered && !document.OperationalFields.Contains(names[0]))
                ? names : [Operational, .. names]);
    }

    public bool TryFind(JsonNode document, out JsonNode? value)
    {
        value = document;
        foreach (var name in _names)
        {
            switch (value)
            {
                case JsonObject parent when parent.TryGetPropertyValue(name, out var child):
                    value = child;
                    break;
                case JsonArray list when int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var index)
                    && index < list.Count:
                    value = list[index];
                    break;
                default:
                    return false;
            }
        }

        return true;
    }

    /// <summary>Sets the value at this path in a merge patch.</summary>
    /// <exception cref="HubProblemException">The patch has another value at a parent of this path.</exception>
    public void Set(JsonObject patch, JsonNode? value)
    {
        foreach (var name in _names[..^1])
        {
            patch[name] ??= new JsonObject();
            patch = patch[name] as JsonObject
                ?? throw new HubProblemException(ExitCodes.Usage, $"{this}: the same change also sets a parent of this field.", null);
        }

        patch[_names[^1]] = value;
    }

    /// <summary>
    /// Parses a value: JSON, a text, or, for a list, texts separated by commas or spaces. The JSON value null removes the field.
    /// </summary>
    public JsonNode? ReadValue(string text, ServiceDocument service)
    {
        if (_names is [Operational, var field] && service.IsList(field) && text != "null" && !text.TrimStart().StartsWith('['))
        {
            return new JsonArray(
                [.. SymbolText.Split(text).Select(entry => JsonValue.Create(entry))]);
        }

        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            // The value is not JSON, so it is a plain text.
            return JsonValue.Create(text);
        }
    }

    public override string ToString() => string.Join('.', _names);
}
