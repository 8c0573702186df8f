using System.Text.Json.Nodes;

namespace CloudTicks.CentralHub.Documents;

/// <summary>
/// JSON merge patches (RFC 7396): objects are merged by name, null removes a field, and any other value replaces the old one.
/// </summary>
public static class MergePatch
{
    /// <summary>Applies a patch; neither argument is changed.</summary>
    public static JsonNode? Apply(JsonNode? target, JsonNode? patch)
    {
        if (patch is not JsonObject changes)
        {
            return patch?.DeepClone();
        }

        var result = target is JsonObject original ? (JsonObject)original.DeepClone() : [];
        foreach (var (name, change) in changes)
        {
            if (change is null)
            {
                result.Remove(name);
            }
            else
            {
                result[name] = Apply(result[name], change);
            }
        }

        return result;
    }
}
