using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace CloudTicks.Deployment.Tests;

/// <summary>
/// Compares AppHost's composition (a golden file from the default flavour) with the manifest that Aspire writes for the same AppHost.cs.
/// Aspire's own additions and the differences between the flavours are closed lists.
/// </summary>
internal static partial class AspireManifest
{
    /// <summary>
    /// The resources and settings in which the flavours differ (Flavour.cs): NATS servers, keys, the event hub's health check, the relay.
    /// </summary>
    private static readonly HashSet<string> FlavourDifferences =
    [
        "nats.connectionString", "CLOUDTICKS_HUB_KEY", "CLOUDTICKS_HUB_READER_KEY", "CLOUDTICKS_HUB_WRITER_KEY",
        "Dashboard__EventHubHealth", "relay", "Dashboard__Relay",
    ];

    /// <returns>One sentence per difference; empty if the manifests match.</returns>
    public static IReadOnlyList<string> Differences(JsonObject golden, JsonObject aspire)
    {
        var (expected, actual) = (golden["resources"]!.AsObject(), aspire["resources"]!.AsObject());
        var differences = new List<string>();
        foreach (var (name, resource) in expected)
        {
            if (actual[name] is JsonObject other)
            {
                Compare(name, resource!.AsObject(), other, differences);
            }
            else if (!FlavourDifferences.Contains(name))
            {
                differences.Add($"Aspire has no resource '{name}'.");
            }
        }

        differences.AddRange(actual.Select(resource => resource.Key)
            .Where(name => !expected.ContainsKey(name) && !AddedResource().IsMatch(name))
            .Select(name => $"The default flavour has no resource '{name}'."));
        return differences;
    }

    private static void Compare(string resource, JsonObject expected, JsonObject actual, List<string> differences)
    {
        foreach (var (property, value) in expected)
        {
            if (property == "env")
            {
                CompareEnvironment(resource, value!.AsObject(), actual["env"]?.AsObject() ?? [], differences);
            }
            else if (!FlavourDifferences.Contains($"{resource}.{property}") && !Holds(value, actual[property]))
            {
                differences.Add($"{resource}: {property} is {Text(value)} here and {Text(actual[property])} in Aspire.");
            }
        }
    }

    private static void CompareEnvironment(string resource, JsonObject expected, JsonObject actual, List<string> differences)
    {
        foreach (var name in expected.Concat(actual).Select(variable => variable.Key).Distinct()
            .Where(name => !FlavourDifferences.Contains(name)))
        {
            if (!Holds(expected[name], actual[name]) && (expected.ContainsKey(name) || !AddedVariable().IsMatch(name)))
            {
                differences.Add($"{resource}: {name} is {Text(expected[name])} here and {Text(actual[name])} in Aspire.");
            }
        }
    }

    /// <summary>
    /// Whether everything expected is present; objects may have further members, such as the machine-specific name of a volume.
    /// </summary>
    private static bool Holds(JsonNode? expected, JsonNode? actual) => (expected, actual) switch
    {
        (JsonObject some, JsonObject all) => some.All(member => Holds(member.Value, all[member.Key])),
        (JsonArray some, JsonArray all) => some.Count == all.Count && some.Zip(all).All(pair => Holds(pair.First, pair.Second)),
        _ => JsonNode.DeepEquals(expected, actual),
    };

    private static string Text(JsonNode? node) => node?.ToJsonString() ?? "absent";

    [GeneratedRegex("^(nats-[1-3]|nats-password|storage|(storage|eventhubs)-roles|hub-(reader|writer)-key|.*-password-uri-encoded)$")]
    private static partial Regex AddedResource();

    [GeneratedRegex(
        "^(OTEL_|ASPNETCORE_|HTTPS?_PORTS$|FUNCTIONS_WORKER_RUNTIME$|AzureFunctionsJobHost__telemetryMode$|AzureWebJobsStorage"
            + "|Aspire__Azure__|(EVENTHUBS|NATS|TIMESCALE)_[A-Z]+$)")]
    private static partial Regex AddedVariable();
}
