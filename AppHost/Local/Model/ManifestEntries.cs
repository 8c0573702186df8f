using System.Text.Json.Nodes;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Parts of Aspire's manifest that several resources share.</summary>
internal static class ManifestEntries
{
    public static JsonObject Value(string connectionString) => new() { ["type"] = "value.v0", ["connectionString"] = connectionString };

    /// <param name="minLength">Length of a generated value; null if a value must be configured.</param>
    public static JsonObject Secret(string name, int? minLength = null)
    {
        var input = new JsonObject { ["type"] = "string", ["secret"] = true };
        if (minLength is not null)
        {
            input["default"] = new JsonObject { ["generate"] = new JsonObject { ["minLength"] = minLength } };
        }

        return new JsonObject
        {
            ["type"] = "parameter.v0",
            ["value"] = $"{{{name}.inputs.value}}",
            ["inputs"] = new JsonObject { ["value"] = input },
        };
    }

    public static JsonObject Binding(string scheme, int? port, int? targetPort)
    {
        var binding = new JsonObject
        {
            ["scheme"] = scheme,
            ["protocol"] = "tcp",
            ["transport"] = scheme.StartsWith("http", StringComparison.Ordinal) ? "http" : "tcp",
        };
        if (port is not null)
        {
            binding["port"] = port;
        }

        if (targetPort is not null)
        {
            binding["targetPort"] = targetPort;
        }

        return binding;
    }
}
