using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Sessions;

namespace CloudTicks.Cli.Configuring;

/// <summary>Requests a change from the hub and prints the response.</summary>
internal static class ConfigChange
{
    /// <summary>The query of a change: the comment, and whether it is a dry run.</summary>
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

    public static int Show(HubSession session, HubResponse answer)
    {
        if (session.Json)
        {
            session.Console.Json(answer.Object);
            return ExitCodes.Done;
        }

        var lines = Lines(answer.Object).ToArray();
        foreach (var line in lines)
        {
            session.Console.Change(line);
        }

        var (service, version) = (answer.Object["service"]?.ToString(), answer.Object["version"]?.ToString());
        session.Console.Line(
            answer.Object["dry_run"] is JsonValue dryRun && dryRun.TryGetValue<bool>(out var isDry) && isDry
                ? $"Dry run: nothing was changed; version {version} of {service} is still in force."
                : lines.Length > 0
                ? $"Version {version} of {service} is in force."
                : $"Nothing changes: version {version} of {service} is in force.");
        return ExitCodes.Done;
    }

    public static IEnumerable<string> Lines(JsonObject answer) =>
        answer["changes"] is JsonArray lines ? lines.Select(line => string.Create(CultureInfo.InvariantCulture, $"{line}")) : [];
}
