using System.CommandLine;
using System.Globalization;
using System.Text.Json.Nodes;
using CloudTicks.Cli.Hub;
using CloudTicks.Cli.Places;
using CloudTicks.Verification.Places;

namespace CloudTicks.Cli.Systems;

/// <summary><c>cloudticks status</c>: shows the running systems and the state of their parts.</summary>
internal static class StatusCommand
{
    private const string Description = """
        Show whether the system is running, since when, and the address and health of its parts.

        The command shows the system of --data, else that of this folder (./.cloudticks), else all systems on this machine.
        'cloudticks verify' also checks whether ticks arrive, are stored and published.
        Exit code: 0 it is running and every part is healthy; 1 it is not running, is starting or stopping, or a part is not healthy;
        2 wrong usage.

        Examples:
          cloudticks status
          cloudticks status --json | jq -r '.systems[].state'
        """;

    private static readonly Option<bool> Json = new("--json") { Description = "One JSON object instead of lines" };

    public static Command Create()
    {
        var command = new Command("status", Description) { TargetSystem.Data, Json, HubOptions.Color };
        command.SetAction((result, cancellationToken) => RunAsync(
            result.GetValue(TargetSystem.Data), result.GetValue(Json), HubConsole.Of(result), cancellationToken));
        return command;
    }

    internal static async Task<int> RunAsync(DirectoryInfo? data, bool asJson, HubConsole console, CancellationToken cancellationToken)
    {
        var systems = SystemFolder.FindHereOrElsewhere(data);
        var parts = await Task.WhenAll(systems.Select(system => system.Note is { } note
            ? PartChecks.RunAsync(note, cancellationToken) : Task.FromResult<IReadOnlyList<PartStatus>>([])));
        if (asJson)
        {
            console.Json(new JsonObject { ["systems"] = new JsonArray([.. systems.Zip(parts, Describe)]) });
        }
        else if (systems.Count == 0)
        {
            var folder = Path.GetFullPath(data?.FullName ?? SystemSearch.DefaultDataFolder);
            console.Line($"No system is running in {folder}. Start it with 'cloudticks up'.");
        }
        else
        {
            foreach (var (system, systemParts) in systems.Zip(parts))
            {
                Show(system, systemParts, console);
            }
        }

        var heldFolders = systems.Where(system => system.IsHeld).ToArray();
        return heldFolders.Length > 0 && Array.TrueForAll(heldFolders, system => system.State == SystemState.Running)
            && parts.All(systemParts => systemParts.All(part => part.Problem is null)) ? ExitCodes.Done : ExitCodes.Incomplete;
    }

    private static JsonObject Describe(SystemFolder system, IReadOnlyList<PartStatus> parts) => new()
    {
        ["feed"] = system.Feed,
        ["folder"] = system.Path,
        ["state"] = NameOf(system.State),
        ["process"] = system.Process?.Id,
        ["started"] = system.Note?.Started?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
        ["page"] = system.Note?.Dashboard?.AbsoluteUri,
        ["log"] = AppHostNote.LogFile(system.Path),
        ["parts"] = new JsonArray([.. parts.Select(part => new JsonObject
        {
            ["name"] = part.Name,
            ["address"] = part.Address,
            ["healthy"] = part.Problem is null,
            ["problem"] = part.Problem,
            ["figures"] = part.Figures,
        })]),
    };

    private static void Show(SystemFolder system, IReadOnlyList<PartStatus> parts, HubConsole console)
    {
        var since = system.Note?.Started is { } started
            ? $" since {started.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture)}" : "";
        var process = system.Process is { } own ? $", process {own.Id}" : "";
        console.Heading($"{system.Feed}: {Describe(system.State)}{since}{process}, data folder {system.Path}");
        foreach (var part in parts)
        {
            var line = $"  {part.Name,-12} {part.Address}";
            if (part.Problem is null)
            {
                console.Success($"{line}  {part.Figures ?? "healthy"}");
            }
            else
            {
                console.Failure($"{line}  {part.Problem}");
            }
        }
    }

    private static string NameOf(SystemState state) => state.ToString().ToLowerInvariant();

    private static string Describe(SystemState state) => state == SystemState.Killed
        ? "was killed and is not running; 'cloudticks up' recovers it" : NameOf(state);
}
