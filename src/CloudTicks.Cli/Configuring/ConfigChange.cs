using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;

namespace CloudTicks.Cli.Configuring;

/// <summary>Builds the query string of a change request, and prints the hub's response.</summary>
internal static class ConfigChange
{
    /// <summary>The query string with the options <c>--comment</c>, <c>--dry-run</c> and <c>--force</c>; empty without them.</summary>
    public static string Query(ParseResult result)
    {
        var parts = new List<string>();
        if (result.GetValue(HubOptions.Comment) is { Length: > 0 } comment)
        {
            parts.Add($"comment={Uri.EscapeDataString(comment)}");
        }

        if (result.GetValue(HubOptions.DryRun))
        {
            parts.Add("dry_run=true");
        }

        if (result.GetValue(HubOptions.Force))
        {
            parts.Add("force=true");
        }

        return parts.Count > 0 ? $"?{string.Join('&', parts)}" : "";
    }

    public static int Show(HubSession session, HubResponse response)
    {
        if (session.Json)
        {
            session.Console.Json(response.Object);
            return ExitCodes.Done;
        }

        var lines = Lines(response.Object).ToArray();
        foreach (var line in lines)
        {
            session.Console.Change(line);
        }

        var (service, version) = (response.Object["service"]?.ToString(), response.Object["version"]?.ToString());
        session.Console.Line(
            response.Object["dry_run"] is JsonValue dryRun && dryRun.TryGetValue<bool>(out var isDry) && isDry
                ? $"Dry run: nothing was changed; version {version} of {service} is still in force."
                : lines.Length > 0
                ? $"Version {version} of {service} is in force."
                : $"Nothing changes: version {version} of {service} is in force.");
        return ExitCodes.Done;
    }

    public static IEnumerable<string> Lines(JsonObject response) =>
        response["changes"] is JsonArray lines ? lines.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line}")) : [];
}
